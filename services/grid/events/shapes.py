"""What grid says of the shapes of grids: nothing. Others know what lies in a grid by the paths of places."""

from __future__ import annotations

from services.grid.domain import shape as shapes
from shared.persistence.unit_of_work import Translations, at_home

SAYS: Translations = {
    shapes.ShapeDrawn: at_home,
    shapes.ShapeEnded: at_home,
}
