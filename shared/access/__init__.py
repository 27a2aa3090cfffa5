"""Who may do what: identities, roles, scopes."""
