"""Model folders: MLmodel and all files next to it."""
