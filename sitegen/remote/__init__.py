"""Registries and sites in storage that is not this machine's: buckets, and whatever else fsspec opens by a URL."""
