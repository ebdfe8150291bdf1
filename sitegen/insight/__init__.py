"""What is said about values: changes and verdicts, checks, ranking of metrics, charts."""
