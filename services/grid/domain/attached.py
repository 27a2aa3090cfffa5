"""What photographs are attached to."""

CASE, VISIT = "case", "visit"
