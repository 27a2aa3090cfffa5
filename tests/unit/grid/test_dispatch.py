"""Who may be given a matter, whatever a rule chooses (gate G2)."""

from __future__ import annotations

import pytest

from services.grid.domain.policies import Candidate, Choice, ReceiverRefused, permitted

COMPANY = Candidate("company", "company", "示例物业")
COMMUNITY = Candidate("community", "community", "金侨社区居委会")


@pytest.mark.parametrize("party_ref", ["community", "nobody", ""])
def test_a_matter_goes_neither_to_a_community_nor_to_who_is_no_candidate(party_ref):
    with pytest.raises(ReceiverRefused):
        permitted(Choice(party_ref, "示例物业", "下沉"), [COMPANY, COMMUNITY])


@pytest.mark.parametrize(("party_ref", "name"), [("company", "示例物业"), (None, "街道办事处")])
def test_a_receiver_is_called_by_its_own_name(party_ref, name):
    choice = permitted(Choice(party_ref, "金侨社区居委会", "首接"), [COMPANY, COMMUNITY])
    assert choice == Choice(party_ref, name, "首接")
