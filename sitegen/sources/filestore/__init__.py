"""MLflow's file store, `mlruns/`."""
