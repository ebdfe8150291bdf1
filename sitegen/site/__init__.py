"""From values to pages: addresses, views, templates, publishing."""
