"""Benchmarks: `python -m tests.campaigns.bench` measures builds against Hugo, `find` and themselves."""
