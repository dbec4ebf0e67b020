"""The kinds of sinks there are. In: a kind's name. Out: the channel that serves it."""

from __future__ import annotations

from hub.dispatch.addresses import checked
from hub.dispatch.channels.webhook import Webhook
from hub.dispatch.channels.wecom import WeCom
from hub.dispatch.post import Address, BadSink, Channel

CHANNELS: dict[str, Channel] = {"webhook": Webhook(), "wecom": WeCom()}


def channel_of(kind: str) -> Channel:
    """The channel of this kind; raise BadSink with the kinds there are."""
    try:
        return CHANNELS[kind]
    except KeyError:
        raise BadSink(f"{kind!r} is not a kind of sink; there are {', '.join(CHANNELS)}") from None


def check(kind: str, address: Address, *, allow_private: bool) -> None:
    """Raise BadSink, with what to change, unless letters could be sent there."""
    checked(address.url, allow_private=allow_private)
    channel_of(kind).check(address)
