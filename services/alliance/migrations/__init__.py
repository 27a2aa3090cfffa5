"""The line of migrations of alliance."""
