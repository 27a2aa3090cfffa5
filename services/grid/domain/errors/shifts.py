"""What is refused at the change of shifts (交接班)."""

from __future__ import annotations

from shared.kernel.errors import Forbidden, Invalid


class HandedToOneself(Invalid):
    """It takes two."""

    code = "handed_to_oneself"
    zh = "{field}：不能交给自己，请填写接班人的账号"
    en = "{field}: nobody hands over to oneself; name the account of who takes over"


class ShiftOfAnother(Forbidden):
    """Somebody else is to take over."""

    code = "shift_of_another"
    zh = "这一班交给了 {ref}，应由其本人接班"
    en = "this shift was handed to {ref}, who must take it over in person"
