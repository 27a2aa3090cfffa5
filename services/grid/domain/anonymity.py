"""匿名反映 What can be reported without saying who one is.

No law that binds the street demands a name of whoever reports what is wrong; 接诉即办条例 10 has a contact among the
parts of an order, so that there can be an answer, and whoever gives none gets none. But where a person is to be helped,
is a party to a mediation (人民调解法 17, 29), or is paid for a damage, somebody must be there. Our own reading, by the
codes of the shipped table, to be confirmed by the street.
"""

from __future__ import annotations

from services.grid.domain.categories import Category
from services.grid.domain.errors.cases import NotAnonymous

PARTY, CLAIMANT, PERSON = "调解须有双方当事人", "赔付须有受损人", "须联系到本人"
NAMED_ONLY = {
    "0402": PARTY,
    "0403": PARTY,
    "0503": CLAIMANT,
    "0802": PARTY,
    "1001": PERSON,
    "1002": PERSON,
}


def must_be_possible(category: Category, *, field: str) -> None:
    """Raises NotAnonymous, naming the input `field`."""
    why = NAMED_ONLY.get(category.code)
    if why is not None:
        raise NotAnonymous(name=category.name, why=why, field=field)
