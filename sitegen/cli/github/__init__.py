"""Comments of pull requests on GitHub, by its REST API and the standard library."""
