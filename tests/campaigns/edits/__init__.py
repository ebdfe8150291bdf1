"""Random sequences of edits: after each the site must be the one that a clean build makes."""
