"""Sources of registries: folders, file stores, databases, tracking servers. Read-only."""
