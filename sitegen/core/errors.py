"""`SitegenError`, the one exception that ends a command."""


class SitegenError(Exception):
    """What stops the command: one sentence for the user, never a traceback. The command line exits 2."""
