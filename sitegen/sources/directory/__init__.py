"""Model folders: everything that lies beside an MLmodel."""
