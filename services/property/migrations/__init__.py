"""The line of migrations of property."""
