"""What is true in consultation."""
