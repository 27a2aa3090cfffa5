"""The line of migrations of notify."""
