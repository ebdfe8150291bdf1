"""Code that a reader can copy."""
