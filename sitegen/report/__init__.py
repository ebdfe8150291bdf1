"""Values as text, markdown, JSON and annotations, for terminals and machines."""
