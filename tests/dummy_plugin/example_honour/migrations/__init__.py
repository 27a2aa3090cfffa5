"""The line of migrations of honour."""
