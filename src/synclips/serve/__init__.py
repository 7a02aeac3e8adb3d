"""A page and an HTTP interface to `sync` and `say`, on the user's own machine."""
