"""Views: the frozen value that the template of a page gets."""
