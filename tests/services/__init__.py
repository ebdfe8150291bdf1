"""Other servers: object stores, Dask clusters, tracking servers of MLflow."""
