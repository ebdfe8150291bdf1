"""The formats of `sitegen diff`, one module a format."""
