"""The published language: one module per owner of events; a package where there are many.

The law of this package: a published event type only ever gains fields, and those with a default. Nothing is
removed, renamed or re-typed; what cannot be kept becomes a new version (`….v2`) beside the old one.
"""
