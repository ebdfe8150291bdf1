"""MLflow's database."""
