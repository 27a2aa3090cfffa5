"""The real stack, as `make up` starts it: `make stack` runs these against it, through its front door and with docker.

They kill, cut off, restart, destroy and restore what they find: for a trial stack, never for a street at work.
"""
