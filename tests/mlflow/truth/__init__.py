"""What sitegen says, compared with what MLflow says: `python -m tests.mlflow.truth.compare --help`."""
