"""Texts of files to values: one module a format, no input or output."""
