"""The rules about changes, with their sentences."""
