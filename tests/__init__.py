"""Tests: tables and cases first."""
