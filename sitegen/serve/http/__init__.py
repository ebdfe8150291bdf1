"""HTTP of the preview."""
