"""Tests of `sitegen.domain`."""
