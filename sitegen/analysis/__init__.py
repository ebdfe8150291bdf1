"""What is said about values: checks, compatibility, ranking, and what may be published."""
