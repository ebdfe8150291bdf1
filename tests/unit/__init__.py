"""Values and functions, one folder for each room of the package: no site, no process, no browser."""
