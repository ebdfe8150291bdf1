"""Small faults that are put into the package, to see which of them the tests notice, now and at an earlier revision."""
