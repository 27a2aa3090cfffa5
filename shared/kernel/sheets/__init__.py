"""表格 Sheets that people fill in and send: their rows, and what is refused of them."""
