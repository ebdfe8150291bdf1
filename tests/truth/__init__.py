"""What sitegen says, compared with what MLflow says: `python -m tests.truth.compare --help`."""
