"""What is refused of who attends to a case (经办人)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Invalid


class LedByAParty(Conflict):
    """A party says itself who of its people comes."""

    code = "led_by_a_party"
    zh = "此事项由责任主体负责，由其自行安排人员；街道自办的事项才指定经办人"
    en = "a party is responsible for this case and sends its own people; only the street's own cases have an attendant"


class NotAtWork(Invalid):
    """Who has left attends to nothing."""

    code = "not_at_work"
    zh = "{field}：“{name}”已不在岗，请选择在岗人员"
    en = "{field}: '{name}' is not on duty any more; choose somebody who is"


class WorksElsewhere(Invalid):
    """事在格中办: somebody of the community."""

    code = "works_elsewhere"
    zh = "{field}：“{name}”不在事项所在的社区工作，请选择本社区的人员"
    en = "{field}: '{name}' does not work in the case's community; choose somebody who does"


class AttendsAlready(Invalid):
    """To another."""

    code = "attends_already"
    zh = "{field}：现在就由“{name}”经办"
    en = "{field}: '{name}' attends to it already"
