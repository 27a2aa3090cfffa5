"""首接负责 The first receiver by the category's table (domain.md 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from services.grid.domain.categories import COMPANY, Category
from services.grid.domain.policies import Candidate, Choice

STREET_NAME = "街道办事处"


class FirstReceiver:
    """The company of the area where the table says company and there is one; else the street itself."""

    api = 1

    def choose(self, category: Category, candidates: Sequence[Candidate]) -> Choice:
        """The only property company of the area, else the street."""
        companies = [candidate for candidate in candidates if candidate.kind == COMPANY]
        if category.first_receiver == COMPANY and len(companies) == 1:
            company = companies[0]
            return Choice(company.party_ref, company.name, f"“{category.name}”由该区域物业企业首接")
        if category.first_receiver == COMPANY:
            return Choice(
                None, STREET_NAME, f"“{category.name}”应由物业首接，但该区域没有唯一的物业企业，由街道兜底"
            )
        return Choice(None, STREET_NAME, f"“{category.name}”由街道首接")
