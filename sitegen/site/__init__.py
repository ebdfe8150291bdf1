"""Values to pages: URLs, views, templates, assets, charts, API."""
