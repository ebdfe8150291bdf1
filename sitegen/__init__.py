"""A static documentation site generated from a registry of ML models."""
