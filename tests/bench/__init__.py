"""Benchmarks: `python -m tests.bench` measures builds against Hugo, `find` and themselves."""
