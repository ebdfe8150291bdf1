"""Where registries come from: what lies in a folder, a file store, a database."""
