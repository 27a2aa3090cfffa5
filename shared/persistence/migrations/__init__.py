"""The kernel's line of migrations, and the environment that every line runs in."""
