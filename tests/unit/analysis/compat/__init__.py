"""Tests of `sitegen.analysis.compat`."""
