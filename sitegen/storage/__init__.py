"""Where bytes lie: listing, reading, writing, locking; on this machine and in object stores."""
