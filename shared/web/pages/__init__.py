"""What people see in a browser: what runs here, and journeys as stories. Made on the server; no script."""
