"""The live preview: builds into the cache, watches registry, templates and settings, and updates open pages."""
