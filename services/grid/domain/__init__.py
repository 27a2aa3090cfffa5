"""What is true in grid."""
