"""What each template gets: one frozen value a page."""
