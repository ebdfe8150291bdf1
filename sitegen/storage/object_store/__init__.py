"""Registries and sites in object stores, through fsspec."""
