"""What must not be published: patterns, texts, values."""
