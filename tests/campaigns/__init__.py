"""Searches for what breaks a build, and benchmarks."""
