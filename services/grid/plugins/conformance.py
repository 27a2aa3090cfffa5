"""What every dispatch rule must keep; its author runs this suite against it (docs/how-to/write-a-plugin.md)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import ClassVar

from services.grid.domain.categories import CATEGORIES, Category
from services.grid.domain.policies import Candidate, Choice, DispatchRule
from shared.testing.conformance import CHINESE, PluginConformance

KINDS = ("company", "contractor", "community")
CANDIDATES = [Candidate(f"{kind}-{n}", kind, f"{kind}示例{n}") for kind in KINDS for n in (1, 2)]
Question = tuple[Category, list[Candidate]]


class DispatchRuleConformance(PluginConformance):
    """Inherit, and say how the rule is made: `def make(self): return MyRule()`. It is asked about every category, with
    all sets of up to six candidates."""

    protocol: ClassVar[type] = DispatchRule

    def test_it_chooses_a_candidate_or_the_street_itself_and_says_why_in_chinese(self) -> None:
        """A chosen candidate is called by its own name."""
        rule: DispatchRule = self.make()
        for category, candidates in _questions():
            choice = rule.choose(category, candidates)
            assert isinstance(choice, Choice), f"{category.code}: {choice!r} is no Choice"
            assert CHINESE.search(choice.reason), f"{category.code}: the reason is {choice.reason!r}"
            assert choice.name, f"{category.code}: nobody is named"
            names = {candidate.party_ref: candidate.name for candidate in candidates}
            if choice.party_ref is not None:
                assert choice.party_ref in names, f"{choice.party_ref} is no candidate"
                assert choice.name == names[choice.party_ref], f"{choice.party_ref} is not {choice.name}"

    def test_it_never_chooses_a_community(self) -> None:
        """Gate G2: matters are not passed down to communities."""
        rule: DispatchRule = self.make()
        for category, candidates in _questions():
            refs = {candidate.party_ref for candidate in candidates if candidate.kind == "community"}
            choice = rule.choose(category, candidates)
            assert choice.party_ref not in refs, f"{category.code}: {choice.party_ref} is a community"

    def test_the_same_question_has_the_same_answer(self) -> None:
        """It decides by what it is given, changes none of it, and remembers nothing."""
        rule: DispatchRule = self.make()
        for category, candidates in _questions():
            before = tuple(candidates)
            answers = {asked.choose(category, candidates) for asked in (rule, self.make(), rule)}
            assert tuple(candidates) == before, f"{category.code}: the candidates were changed"
            assert len(answers) == 1, f"{category.code}: {answers}"


def _questions() -> Iterator[Question]:
    for category in CATEGORIES.values():
        for chosen in product((True, False), repeat=len(CANDIDATES)):
            yield category, [candidate for candidate, here in zip(CANDIDATES, chosen, strict=True) if here]
