"""Code snippets for readers to copy."""
