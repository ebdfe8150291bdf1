"""Cases: a folder is a test, a registry and what it must become."""
