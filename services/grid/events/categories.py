"""What grid says of its categories: nothing, since each case says its own."""

from __future__ import annotations

from services.grid.domain.category_table import CategoryTableAdopted
from shared.persistence.unit_of_work import Translations, at_home

SAYS: Translations = {
    CategoryTableAdopted: at_home,
}
