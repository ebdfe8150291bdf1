"""Code that knows nothing of registries: errors, fingerprints, memoization, processes, text for terminals."""
