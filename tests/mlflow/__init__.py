"""What MLflow itself says: run where SITEGEN_MLFLOW_PYTHON names a Python that has it."""
