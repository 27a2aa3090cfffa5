"""What can be asked of grid: plain functions, a session and the caller in, plain rows out; a module per noun."""

from services.grid.queries import attachments, cases, day, patrols, places, stewards, visits

__all__ = ["attachments", "cases", "day", "patrols", "places", "stewards", "visits"]
