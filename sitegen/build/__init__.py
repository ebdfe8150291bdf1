"""What has changed, and what is done about it: plan, state, session, workers, stages."""
