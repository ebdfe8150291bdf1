"""`SitegenError`, the one exception that ends a command."""


class SitegenError(Exception):
    """Ends the command with exit code 2. The message is one sentence for the user, printed without a traceback."""
