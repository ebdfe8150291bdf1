"""The program as a process: its command line, its end, and what the system does to it."""
