"""Tests of `sitegen.analysis`."""
