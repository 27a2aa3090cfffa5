"""What honour's authors plug into the services of others."""
