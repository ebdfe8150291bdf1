"""Compatibility: the effect of a new version on callers of an old one."""
