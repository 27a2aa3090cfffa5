"""导入 Import sheets: many rows in one transaction, each known by its code, so that the same sheet twice changes
nothing. A module per kind of thing."""
