"""The commands: from options to output and exit code. Each is loaded when it is called."""
