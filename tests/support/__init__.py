"""Libraries of the tests: registries, sites, servers and browsers."""
