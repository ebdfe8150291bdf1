"""Reviews: what changes between two states of a registry, and whether callers break."""
