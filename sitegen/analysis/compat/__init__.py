"""What a new version does to the callers of an old one."""
