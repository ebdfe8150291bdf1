"""Changing a registry: tags, aliases and descriptions, as small edits of its files."""
