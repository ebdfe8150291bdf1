"""A registry of everything that could harm a build, each item beside healthy models."""
