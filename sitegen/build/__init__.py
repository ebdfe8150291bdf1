"""Incremental builds: plan, state, session, workers, stages."""
