"""What can be done in alliance."""
