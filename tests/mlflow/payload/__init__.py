"""Payloads that pages judge in the browser, against MLflow's own scoring server and predict()."""
