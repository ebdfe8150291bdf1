"""MLflow's tracking server, mirrored into a database and files."""
