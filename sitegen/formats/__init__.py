"""Parsers from text or bytes to values, one module a format. No I/O."""
