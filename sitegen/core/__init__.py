"""No knowledge of registries: errors, fingerprint, memoize, process."""
