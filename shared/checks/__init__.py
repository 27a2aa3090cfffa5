"""What is wrong and how to mend it (体检): `jiushu check` before a start and at any time, `/readyz` every few seconds.

One small function per check, which returns findings and changes nothing. `table.py` says which checks there are,
`readiness.py` which of them a running service asks itself.
"""
