"""What the calendar knows: recesses, the fixed days of the parliamentary year, seasons and working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from tracker.errors import RuleError

FIRST_YEAR, LAST_YEAR = 1900, 2100
ANY_RECESS = "reces"
DAY = timedelta(days=1)

#: Start and end (month, day) of a season: meteorological start, astronomical end.
SEASONS: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "spring": ((3, 1), (6, 20)),
    "summer": ((6, 1), (9, 20)),
    "autumn": ((9, 1), (12, 20)),
    "winter": ((12, 1), (3, 20)),
}

#: How much later a season starts by astronomy.
SEASON_BEGINS = timedelta(days=20)

#: The recess that a season's name stands for after "voor", "na" and "rond".
RECESS_OF_SEASON = {"summer": "zomerreces"}


@dataclass(frozen=True, slots=True)
class Recess:
    """A recess of the Tweede Kamer, both days inclusive, with the certainty of its dates."""

    name: str
    year: int
    first: date
    last: date
    status: str  # "published" | "reported" | "computed" | another word of who added it
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Fixture:
    """A day, or a few, that the calendar knows by name, in one year."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Recesses by their first day. Immutable: `with_rows` gives another calendar."""

    recesses: tuple[Recess, ...] = ()
    _by_name: Mapping[str, tuple[Recess, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> Calendar:
        """A calendar of rows with `year`, `recess`, `first_day`, `last_day`, `status`, `basis`.

        A later row takes the place of an earlier one of the same year and name. Raises RuleError for a row that
        cannot be read.
        """
        found: dict[tuple[int, str], Recess] = {}
        for row in rows:
            recess = _recess(row)
            found[recess.year, recess.name] = recess
        ordered = tuple(sorted(found.values(), key=lambda r: (r.first, r.name)))
        names = {r.name for r in ordered}
        return cls(ordered, {name: tuple(r for r in ordered if r.name == name) for name in names})

    def with_rows(self, rows: Iterable[Mapping[str, str]]) -> Calendar:
        """This calendar with rows added, or put in the place of those of the same year and name."""
        own = [
            {
                "year": str(r.year), "recess": r.name, "first_day": r.first.isoformat(),
                "last_day": r.last.isoformat(), "status": r.status, "basis": r.basis,
            }
            for r in self.recesses
        ]  # fmt: skip
        return Calendar.from_rows([*own, *rows])

    def named(self, name: str) -> tuple[Recess, ...]:
        """The recesses of one name, or all for `reces`, by first day."""
        return self.recesses if name == ANY_RECESS else self._by_name.get(name, ())

    def after(self, recess: Recess) -> Recess | None:
        """The recess that starts next after `recess` has ended."""
        return next((r for r in self.recesses if r.first > recess.last), None)


def _recess(row: Mapping[str, str]) -> Recess:
    try:
        recess = Recess(
            name=str(row["recess"]).strip().lower(),
            year=int(row["year"]),
            first=date.fromisoformat(str(row["first_day"])),
            last=date.fromisoformat(str(row["last_day"])),
            status=str(row.get("status") or "reported"),
            basis=str(row.get("basis") or ""),
        )
    except (KeyError, ValueError) as error:
        raise RuleError(
            f"a recess needs year, recess, first_day and last_day (YYYY-MM-DD); cannot read {dict(row)!r}: {error}"
        ) from error
    if recess.first > recess.last:
        raise RuleError(f"the {recess.name} of {recess.year} ends before it starts")
    return recess


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth (from 1) weekday (Monday is 0) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def fixture(name: str, year: int) -> Fixture:
    """The day of that name in a year. Raises KeyError for a name that is no fixture.

    Prinsjesdag is the third Tuesday of September (Grondwet, art. 65), Verantwoordingsdag the third Wednesday of May;
    the Voorjaarsnota is due by 1 June and the Najaarsnota by 1 December (Comptabiliteitswet 2016).
    """
    if name in ("prinsjesdag", "miljoenennota", "begroting"):
        day = nth_weekday(year, 9, 3, 1)
    elif name in ("verantwoordingsdag", "jaarverslag"):
        day = nth_weekday(year, 5, 3, 2)
    elif name in _FROM_EASTER:
        from dateutil.easter import easter

        day = easter(year) + _FROM_EASTER[name] * DAY
    elif name == "kerst":
        return Fixture(date(year, 12, 25), date(year, 12, 26))
    else:
        day = date(year, *_FIXED[name])
    return Fixture(day, day)


_FROM_EASTER = {"goede-vrijdag": -2, "pasen": 0, "hemelvaart": 39, "pinksteren": 49}
_FIXED = {
    "voorjaarsnota": (6, 1), "najaarsnota": (12, 1), "jaarwisseling": (12, 31),
    "nieuwjaar": (1, 1), "koningsdag": (4, 27), "bevrijdingsdag": (5, 5), "sinterklaas": (12, 5),
}  # fmt: skip

#: Documents named after the year they are about and presented in another: the Miljoenennota 2025 came in 2024.
PRESENTED = {"miljoenennota": -1, "begroting": -1, "jaarverslag": 1}
#: Documents that the law wants by a day, and that may come before it.
PRESENTED_BY = ("voorjaarsnota", "najaarsnota")


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    import holidays  # takes a while, and only working days need it

    # The Algemene termijnenwet (art. 3) counts 5 May every year and Good Friday as well.
    return frozenset(holidays.country_holidays("NL", years=year, categories=("public", "optional")))


def is_working_day(day: date) -> bool:
    """No Saturday, Sunday or holiday of the Algemene termijnenwet."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The `count`th working day after `day`, which does not count itself."""
    while count > 0:
        day += DAY
        count -= is_working_day(day)
    return day
