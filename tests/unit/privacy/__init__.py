"""Tests of `sitegen.privacy`."""
