"""Reading revisions of a git repository from its objects, without a checkout."""
