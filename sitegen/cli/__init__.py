"""The commands: from options to output and exit code."""
