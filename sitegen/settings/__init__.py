"""`sitegen.toml` and flags as one typed value, and the folder for local state."""
