"""Which publisher a subscription is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.documents.registry import Registry
from tracker.documents.sources.originals import Fetcher
from tracker.documents.sources.sru import OfficialPublications
from tracker.documents.sources.subscription import Publisher, Subscription
from tracker.documents.sources.tweedekamer import DebateReports, Documents


def publisher_of(
    subscription: Subscription, fetcher: Fetcher, facts: Mapping[str, Any], registry: Registry
) -> Publisher:
    """The publisher of documents that a subscription names; the register is none. `facts`: `rules/sources.toml`."""
    match subscription.publisher:
        case "tweedekamer":
            return Documents(subscription, fetcher, facts, registry)
        case "verslagen":
            return DebateReports(subscription, fetcher, facts)
        case _:
            return OfficialPublications(subscription, fetcher, facts)
