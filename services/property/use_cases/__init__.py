"""What can be done in property."""
