"""Why a link is proposed, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "says-so": "zegt zelf dat een toezegging is nagekomen",
        "reports": "meldt alleen dat iets is gedaan",
        "restated": "zegt zelf een eerdere toezegging te herhalen",
        "defers": "zegt zelf dat het later wordt",
        "cites": "noemt het stuk waarin de toezegging staat ({written})",
        "same-register": "draagt hetzelfde nummer van het toezeggingenregister ({number})",
        "same-day": "noemt het debat, de brief of de dag van de toezegging ({written})",
        "same-reference": "noemt hetzelfde debat of stuk als de toezegging ({written})",
        "other-reference": "noemt een ander debat of stuk ({written})",
        "same-person": "dezelfde bewindspersoon ({person})",
        "same-ministry": "hetzelfde ministerie, of zijn opvolger ({ministry})",
        "other-ministry": "een ander ministerie ({ministry}, was {before})",
        "same-dossier": "hetzelfde dossier ({dossier})",
        "just-said": "staat meteen na de toezegging, die in hetzelfde stuk werd herhaald",
        "same-due": "dezelfde termijn ({day})",
        "other-kind": "een andere soort toezegging",
        "topic": "gaat over hetzelfde ({words})",
        "long-after": "komt jaren na de termijn ({day})",
        "long-ago": "komt jaren na de toezegging ({day}), die geen termijn had",
    },
    "en": {
        "says-so": "says itself that a promise is met",
        "reports": "only reports that something was done",
        "restated": "says itself that it repeats a promise",
        "defers": "says itself that it comes later",
        "cites": "names the document of the promise ({written})",
        "same-register": "carries the same number of the register of promises ({number})",
        "same-day": "names the debate, the letter or the day of the promise ({written})",
        "same-reference": "names the same debate or document as the promise ({written})",
        "other-reference": "names another debate or document ({written})",
        "same-person": "the same minister ({person})",
        "same-ministry": "the same ministry, or its successor ({ministry})",
        "other-ministry": "another ministry ({ministry}, was {before})",
        "same-dossier": "the same dossier ({dossier})",
        "just-said": "stands right after the promise, which the same document tells again",
        "same-due": "the same due date ({day})",
        "other-kind": "another kind of promise",
        "topic": "is about the same ({words})",
        "long-after": "comes years after the due date ({day})",
        "long-ago": "comes years after the promise ({day}), which had no due date",
    },
}


def explain(reason: Mapping[str, Any], language: str = "nl") -> str:
    """One reason as the store keeps it ({code, points, params}) in words with its points: "… (+0.35)"."""
    text = _TEXTS[language][reason["code"]].format(**reason["params"])
    return f"{text} {reason['points']:+.2f}"


def explained(reasons: Iterable[Mapping[str, Any]], language: str = "nl") -> list[str]:
    """All reasons that add or take something, in words."""
    return [explain(reason, language) for reason in reasons if reason["points"]]


def codes() -> frozenset[str]:
    """All codes there are; `rules/linking.toml` gives each its points."""
    return frozenset(_TEXTS["nl"])
