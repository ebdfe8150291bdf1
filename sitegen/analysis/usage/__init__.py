"""Code snippets for readers to copy: load, call, serve and log a version, and recreate its environment."""
