"""Tests of `sitegen.sources`."""
