"""The verdict against MLflow itself: random pairs of signatures, and an interpreter that asks MLflow about them."""
