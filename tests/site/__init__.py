"""Sites that are built in the process of the tests."""
