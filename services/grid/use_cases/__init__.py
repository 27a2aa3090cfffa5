"""What can be done in grid."""
