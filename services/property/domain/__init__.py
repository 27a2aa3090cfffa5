"""What is true in property."""
