"""What docs/how-to says is done here as it is said."""

from pathlib import Path

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
EXAMPLES = HOW_TO / "examples"
