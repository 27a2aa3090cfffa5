"""What grid says of clusters (同类诉求聚集, 未诉先办)."""

from __future__ import annotations

from shared.contracts.common import Placed
from shared.contracts.fields import Code, Ref, Refs, Text, Whole

ROUTES = ("topic", "claim", "unmanaged", "need", "association")


class _AboutCluster(Placed):
    cluster_ref = Ref(required=True)
    route = Code(
        *ROUTES, required=True, metadata={"description": "which one service acts; the others do not"}
    )
    category = Code(required=True)
    category_name = Text(50, required=True)
    place_name = Text(100, required=True)
    case_refs = Refs(required=True)
    count = Whole(required=True)


class ClusterFound(_AboutCluster):
    """同类聚集 So many similar cases in one place within a time that their cause wants looking at.

    Sent when: 同一场所、同一类别的事项在时间窗内达到规定件数时 the cases of one category in one place reach the number
    within the window: once.
    Not sent when: 此后又有同类事项加入时（见 grid.cluster.case_joined） further cases join (see case_joined).
    """

    type = "grid.cluster.found.v1"
    rule_version = Text(20, required=True)
    window_days = Whole(required=True)


class ClusterCaseJoined(_AboutCluster):
    """加入聚集 One more of the same kind in the same place.

    Sent when: 聚集未解散时又有同类事项登记 a similar case is registered before the cluster is dissolved.
    Not sent when: 首次达到件数时（见 grid.cluster.found） the number is reached (see found).
    """

    type = "grid.cluster.case_joined.v1"
    case_ref = Ref(required=True)


class ClusterDissolved(_AboutCluster):
    """聚集解散 All its cases have ended; what comes afterwards counts anew.

    Sent when: 最后一件事项结案时 its last case is closed.
    Not sent when: 其中一件结案时 one of several is closed.
    """

    type = "grid.cluster.dissolved.v1"
