"""Tests of `sitegen.authoring`."""
