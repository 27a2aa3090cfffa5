"""consultation, joined: its rooms in one definition, and the nameko class that opens its doors."""

from __future__ import annotations

from services.consultation import events, http, migrations, store
from services.consultation.domain.policies import DecisionRule
from services.consultation.use_cases import (
    branches,
    design_requests,
    findings,
    opinions,
    plans,
    platforms,
    projects,
    receptions,
    reviews,
    sessions,
    suggestions,
    surveys,
    topics,
    topics_heard,
    venues,
)
from shared.application import Definition
from shared.service import Service
from shared.unattached import Forgetting

DEFINITION = Definition(
    name="consultation",
    title="树下贤聊：从提出问题，到居民与专业机构共同通过的方案，再到成果",
    use_cases=(
        topics,
        findings,
        design_requests,
        sessions,
        venues,
        platforms,
        plans,
        reviews,
        surveys,
        suggestions,
        projects,
        branches,
        receptions,
        opinions,
        topics_heard,
    ),
    store=store.Store,
    metadata=store.metadata,
    translations=events.TRANSLATIONS,
    subscriptions=events.SUBSCRIPTIONS,
    api=http.api,
    migrations=migrations,
    plugin_points={"decision_rules": DecisionRule},
    background=(Forgetting(),),
)


class ConsultationService(Service):
    """树下贤聊 A problem becomes a plan that residents and professionals both passed, then a result."""

    name = "consultation"
    definition = DEFINITION
