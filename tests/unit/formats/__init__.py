"""Tests of `sitegen.formats`."""
