"""Tests of `sitegen.storage`."""
