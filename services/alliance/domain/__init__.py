"""What is true in alliance."""
