"""Tests of `sitegen.serve`."""
