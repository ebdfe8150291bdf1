"""The registry as values: frozen, without input or output, without presentation."""
