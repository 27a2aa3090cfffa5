"""What can be done in notify."""
