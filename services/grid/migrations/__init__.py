"""The line of migrations of grid."""
