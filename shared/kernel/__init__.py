"""The words every service thinks in: aggregate, command, clock, id, error, money. Standard library only."""
