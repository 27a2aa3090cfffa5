"""What every channel must keep; its author runs this suite against it (docs/how-to/write-a-plugin.md)."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, ClassVar

from services.notify.domain.contact import EMAIL, PHONE
from services.notify.use_cases.delivery import (
    Channel,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
    kind_of,
)
from shared.testing.conformance import PluginConformance

LONGEST_PROVIDER_REF = 200
ADDRESS, EMAIL_ADDRESS = "13800005678", "resident@example.invalid"
TEXT = "请用专属链接答复：https://example.invalid/answers/secret"
MESSAGE = OutgoingMessage(ADDRESS, "“生命之环”成果落地", TEXT, "01890000-0000-7000-8000-000000000001")


class ChannelConformance(PluginConformance):
    """Inherit, and say how the channel is made when its provider answers (`make`), and when its provider is away
    (`make_away`). Let it talk to a stand-in of the provider: tests need no internet."""

    protocol: ClassVar[type] = Channel

    def test_it_reaches_people_by_what_is_known_of_them(self) -> None:
        """`reaches` is `phone`, which is what it is without saying so, or `email`."""
        assert kind_of(self.make()) in (PHONE, EMAIL)

    def make_away(self) -> Channel | None:
        """The channel with a provider that does not answer; None for a channel that needs no provider."""
        raise NotImplementedError

    def test_a_delivered_message_has_a_receipt(self) -> None:
        """With the provider's number of it, in a length that is fit to be kept."""
        receipt = _deliver(self.make())
        assert isinstance(receipt, Receipt), f"{receipt!r} is no Receipt"
        assert isinstance(receipt.provider_ref, str), f"provider_ref is {receipt.provider_ref!r}"
        assert 0 < len(receipt.provider_ref) <= LONGEST_PROVIDER_REF, (
            f"provider_ref is {receipt.provider_ref!r}"
        )

    def test_a_message_that_is_tried_again_is_delivered_again_or_known(self) -> None:
        """The process may die between delivery and receipt; `message_ref` tells that it is the same message."""
        channel: Channel = self.make()
        for _ in range(2):
            assert isinstance(_deliver(channel), Receipt), "the second attempt has no Receipt"

    def test_an_address_to_which_nothing_can_be_delivered_fails_for_ever_and_by_no_other_error(self) -> None:
        """PermanentFailure ends it; any other error would be tried again and again."""
        try:
            receipt = self.make().deliver(replace(MESSAGE, address=""))
        except PermanentFailure:
            return
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} instead of PermanentFailure") from error
        assert isinstance(receipt, Receipt), f"{receipt!r} is no Receipt"

    def test_a_provider_that_is_away_is_a_temporary_failure(self) -> None:
        """TemporaryFailure is tried again later."""
        channel = self.make_away()
        if channel is None:
            return
        try:
            receipt = _deliver(channel)
        except TemporaryFailure:
            return
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} instead of TemporaryFailure") from error
        raise AssertionError(f"{receipt!r} from a provider that is away")

    def test_neither_address_nor_text_get_into_a_log(self, caplog: Any) -> None:
        """Both are personal (个保法 4)."""
        caplog.set_level(logging.DEBUG)
        for channel in (self.make(), self.make_away()):
            if channel is not None:
                try:
                    _deliver(channel)
                except TemporaryFailure:
                    logging.getLogger(__name__).info("away")
        for address in (ADDRESS, EMAIL_ADDRESS):
            assert address not in caplog.text, "the address is in the log"
        assert "secret" not in caplog.text, "the text is in the log"


def _deliver(channel: Channel) -> Receipt:
    """A message to an address of the kind by which the channel reaches people."""
    address = EMAIL_ADDRESS if kind_of(channel) == EMAIL else ADDRESS
    return channel.deliver(replace(MESSAGE, address=address))
