"""表格 Sheets: what the catalogue holds, as CSV and XLSX, in and out. How to add a kind: docs/how-to/sheets.md."""

from services.grid.http.sheets import doors

__all__ = ["doors"]
