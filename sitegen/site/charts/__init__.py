"""Charts: templates, scripts, SVG."""
