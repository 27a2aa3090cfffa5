"""What can be asked of grid: plain functions, a session and the caller in, plain rows out; a module per noun."""

from services.grid.queries import cases, organisations, pairings, places, staff, staff_coverage, stewards

__all__ = ["cases", "organisations", "pairings", "places", "staff", "staff_coverage", "stewards"]
