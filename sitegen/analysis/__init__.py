"""Judgements about values: checks, compatibility, metric ranking, and what may be published."""
