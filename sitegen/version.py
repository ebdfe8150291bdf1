"""The version of sitegen: part of every page's fingerprint."""

VERSION = "0.1.0"
