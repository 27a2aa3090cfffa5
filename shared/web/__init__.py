"""The HTTP entrypoint of every service: parse, validate, authorise, run, dump."""
