"""Groups of fields that several owners' events share."""

from __future__ import annotations

from shared.contracts.fields import Ref, Refs, Text, Whole
from shared.contracts.registry import Event


class Placed(Event):
    """What tells where something is: codes and refs of the places around it, as far as they are known."""

    place_ref = Ref(required=True)
    place_path = Text(500, required=True, metadata={"description": "all places around it, /street/…/"})


class AboutWorks(Placed):
    """Works (小微工程) and the topic that they came from."""

    works_ref = Ref(required=True)
    topic_ref = Ref(required=True)
    plan_version = Whole(
        required=True, metadata={"description": "the version of the topic's plan that is built"}
    )
    case_refs = Refs(load_default=list)
