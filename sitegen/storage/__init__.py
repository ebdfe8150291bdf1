"""Storage: listing, reading, writing and locking files on this machine and in object stores."""
