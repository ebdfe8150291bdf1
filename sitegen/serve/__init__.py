"""The preview server: builds into the cache, watches what the site is made of, and tells browsers what has changed."""
