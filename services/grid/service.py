"""grid, joined: its rooms in one definition, and the nameko class that opens its doors."""

from __future__ import annotations

from services.grid import events, http, migrations, store
from services.grid.domain.policies import DispatchRule
from services.grid.use_cases import (
    attendance,
    captains,
    case_answers,
    case_clocks,
    case_moves,
    case_notes,
    cases,
    catch_all,
    categories,
    clusters,
    co_handlers,
    duties,
    hotline,
    organisations,
    pairings,
    patrols,
    places,
    rates,
    referrals,
    responsibilities,
    roster,
    shapes,
    shifts,
    staff,
    stewards,
    successions,
    takeovers,
    turns,
    visits,
    waits,
    whistles,
)
from services.grid.use_cases.sheets import people as sheets_of_people
from services.grid.use_cases.sheets import places as sheets_of_places
from shared.application import Definition
from shared.service import Service
from shared.unattached import Forgetting

DEFINITION = Definition(
    name="grid",
    title="网格：每件事都有网格、有责任主体、有时限",
    use_cases=(
        places,
        shapes,
        cases,
        categories,
        case_moves,
        case_answers,
        case_clocks,
        clusters,
        case_notes,
        shifts,
        catch_all,
        hotline,
        stewards,
        organisations,
        staff,
        pairings,
        captains,
        duties,
        patrols,
        sheets_of_places,
        sheets_of_people,
        successions,
        takeovers,
        responsibilities,
        waits,
        visits,
        turns,
        rates,
        referrals,
        attendance,
        co_handlers,
        roster,
        whistles,
    ),
    store=store.Store,
    metadata=store.metadata,
    translations=events.TRANSLATIONS,
    current=events.CURRENT,
    subscriptions=events.SUBSCRIPTIONS,
    api=http.api,
    standards=(http.open311_api,),
    migrations=migrations,
    plugin_points={"dispatch_rules": DispatchRule},
    background=(Forgetting(),),
)


class GridService(Service):
    """网格 Every matter has a grid, a responsible party and a clock."""

    name = "grid"
    definition = DEFINITION
