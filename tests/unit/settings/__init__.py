"""Tests of `sitegen.settings`."""
