"""Tests of `sitegen.site`."""
