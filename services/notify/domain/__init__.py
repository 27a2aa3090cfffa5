"""What is true in notify."""
