"""What commands print, one module a format."""
