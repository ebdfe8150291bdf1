"""A campaign against every parser: changed files, naughty strings, bounded time, no exception."""
