"""Tests of `sitegen.build`."""
