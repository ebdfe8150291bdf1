"""`sitegen.toml` and flags as one typed value, and the cache folder."""
