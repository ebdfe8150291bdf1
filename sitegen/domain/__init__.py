"""The registry as frozen values, and the catalogue of check rules. No I/O, no presentation."""
