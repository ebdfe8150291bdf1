"""Redaction of secrets, private paths, e-mail addresses and users."""
