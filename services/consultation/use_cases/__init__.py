"""What can be done in consultation."""
