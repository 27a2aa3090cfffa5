"""The line of migrations of consultation."""
