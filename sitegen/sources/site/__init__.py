"""Built sites as registries, from the files of their API."""
