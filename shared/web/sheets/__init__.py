"""表格 Sheets as files: bytes, columns, rows, and the door that takes them."""
