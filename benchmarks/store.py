"""How fast a long store answers: 20,000 commitments with 100,000 events, invented.

    python benchmarks/store.py [--commitments N] [--keep FILE]

Times are the best of several; what a machine does in a second differs, so the whole program is also set against what
Python needs to import its two largest libraries, and each answer against the 200 milliseconds that a person notices.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from tracker.cli.rows import commitment_row
from tracker.commitments.counts import By, statistics
from tracker.commitments.filters import Filter, Sort
from tracker.commitments.state import Review, Status
from tracker.domain import (
    Actor,
    Deadline,
    Document,
    DocumentKind,
    DuePeriod,
    Kind,
    Label,
    Mention,
    Metadata,
    Page,
    Precision,
    Span,
    Step,
    Strength,
    Term,
)  # fmt: skip
from tracker.store import Store

TODAY = date(2026, 11, 24)
LIMIT = 0.2
A_DOCUMENT = 10
SUBJECTS = [
    "sluizen",
    "dijken",
    "bruggen",
    "wegen",
    "tunnels",
    "stations",
    "havens",
    "vliegvelden",
    "scholen",
    "bibliotheken",
    "ziekenhuizen",
    "huisartsen",
    "apotheken",
    "gemeenten",
    "provincies",
    "waterschappen",
    "rechtbanken",
    "gevangenissen",
    "natuurgebieden",
    "akkers",
]
SIDES = [
    "veiligheid",
    "bekostiging",
    "planning",
    "toezicht",
    "evaluatie",
    "voortgang",
    "uitvoering",
    "handhaving",
    "opvang",
    "begroting",
]
MINISTRIES = ["VWS", "JenV", "IenW", "OCW", "BZK", "EZ", "FIN", "SZW", "LVVN", "DEF"]
NAMES = [
    "De Vries",
    "Jansen",
    "Bakker",
    "Visser",
    "Smit",
    "Meijer",
    "De Boer",
    "Mulder",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
]


@dataclass(frozen=True)
class File:
    text: str
    sha256: str
    media_type: str = "text/plain"
    reader: str = "text 1"
    pages: tuple[Page, ...] = ()
    content: bytes = b""


def fill(store: Store, count: int) -> None:
    """Letters of ten promises each; then decisions, until there are five events for each promise."""
    chance = random.Random(7)
    for serial in range(count // A_DOCUMENT):
        document, mentions = letter(serial, chance)
        file = File(document.text, f"{serial:064x}")
        store.save(store.receive(document, file, rulebook_version="1"), mentions)
    numbers = sorted(store.revisions())
    store.add_note(numbers, "nagevraagd")
    store.tag(numbers, add=["volgen"])
    store.set_review(numbers, Review.ACCEPTED)
    third = len(numbers) // 3
    store.set_status(numbers[:third], Status.FULFILLED, occurred_on=date(2026, 1, 1))
    store.set_due(numbers[third:], date(2026, 6, 30), occurred_on=date(2026, 1, 1))


def letter(serial: int, chance: random.Random) -> tuple[Document, list[Mention]]:
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(3600))
    actor = Actor("ik", chance.choice(NAMES), "Minister", chance.choice(MINISTRIES))
    text, mentions = f"Den Haag, {day}\n\n", []
    for _ in range(A_DOCUMENT):
        due = day + timedelta(days=chance.randrange(30, 700))
        subject, side, words = chance.choice(SUBJECTS), chance.choice(SIDES), f"uiterlijk {due:%d-%m-%Y}"
        said = f"Ik zal uw Kamer {words} informeren over de {side} van {subject} in gebied {chance.randrange(9000)}."
        span = Span(len(text), len(text) + len(said))
        at = said.index(words)
        term = Term(
            Deadline(words, Span(at, at + len(words))),
            DuePeriod(day, due, Precision.DAY, (Step("by", (("kind", "day"),)),)),
        )
        mentions.append(
            Mention(
                span, 0, Label.COMMITMENT, "inform.will", Span(span.start, span.start + 6), 0.9, Kind.INFORM,
                chance.choice(list(Strength)), actor=actor, addressee=("Tweede Kamer",), action=said,
                topic=f"{subject}{side}", context=f"Over {subject} schreef ik u eerder.", term=term,
            )
        )  # fmt: skip
        text += said + "\n\n"
    dossiers = (f"{chance.randrange(30, 37)} {chance.randrange(1000):03}",)
    about = Metadata(day, DocumentKind.LETTER, f"Brief {serial} over {chance.choice(SUBJECTS)}", None, dossiers, "1")
    return Document(f"brief-{serial}.txt", text, about), mentions


def best(action: Callable[[], object], times: int = 5) -> float:
    def once() -> float:
        start = perf_counter()
        action()
        return perf_counter() - start

    return min(once() for _ in range(times))


def line(what: str, seconds: float, limit: float | None = LIMIT) -> None:
    against = f"{seconds / limit:6.2f} of {limit * 1000:.0f} ms" if limit else ""
    print(f"{what:58} {seconds * 1000:9.1f} ms {against}")


def listed(store: Store, wanted: Filter, as_of: date = TODAY) -> Callable[[], object]:
    """What `tracker list` does between opening the store and printing: rows with their dates explained."""

    def run() -> object:
        page = store.listing(wanted, as_of=as_of)
        store.summary(as_of=as_of)
        return [commitment_row(c, "nl") for c in page.commitments]

    return run


def answers(store: Store) -> None:
    cases = {
        "list --overdue --limit 100": Filter(overdue=True, limit=100),
        "list --limit 100": Filter(limit=100),
        "list --open --sort actor --limit 100": Filter(open=True, sort=Sort.ACTOR, limit=100),
        "list --due-within 30d --limit 100": Filter(due_within=30, limit=100),
        "list --ministry VWS --limit 100": Filter(ministry=frozenset({"vws"}), limit=100),
        "list --actor bakker --overdue --limit 100": Filter(actor="bakker", overdue=True, limit=100),
        "list --dossier 31015": Filter(dossier="31015"),
        "list --document 7": Filter(document="7"),
        "list --document 'brief 12' --limit 100": Filter(document="brief 12", limit=100),
        "list --tag volgen --limit 100": Filter(tag=frozenset({"volgen"}), limit=100),
        "list --strength hedged --limit 100": Filter(strength=frozenset({Strength.HEDGED}), limit=100),
        "list --search sluizenopvang --limit 100": Filter(search="sluizenopvang", limit=100),
        "list --search 'opvang havens' --limit 100": Filter(search="opvang havens", limit=100),
        "list --search e --limit 100": Filter(search="e", limit=100),
        "list --search 'gebied 4711'": Filter(search="gebied 4711"),
        "list --search nietszeggends": Filter(search="nietszeggends"),
    }
    for name, wanted in cases.items():
        line(name, best(listed(store, wanted)))
    number = sorted(store.revisions())[1234]
    line("show", best(lambda: (store.commitment(number, as_of=TODAY), store.history(number))))
    line("set a status", best(lambda: store.set_status([number], Status.OPEN, occurred_on=TODAY)))
    line("list --overdue --limit 100 on a past day", best(listed(store, Filter(overdue=True, limit=100),
         date(2020, 1, 1)), 1), None)  # fmt: skip
    line("all commitments", best(lambda: store.commitments(as_of=TODAY), 1), None)
    line("stats --by ministry", best(lambda: statistics(store.commitments(as_of=TODAY), By.MINISTRY), 1), None)
    line("verify", best(store.verify, 1), None)


def whole_program(folder: Path) -> None:
    """`tracker list` over an everyday store of some documents, against the import of what it is built on."""
    url = f"sqlite:///{folder / 'everyday.sqlite3'}"
    with Store.open(url) as store:
        fill(store, 100)
    environment = {**os.environ, "TRACKER_DATABASE_URL": url}

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [sys.executable, *command], env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL
        )

    imports = run("-c", "import typer, sqlalchemy.orm")
    program = run("-c", "from tracker.cli import main; main()", "list", "--overdue", "--format", "json")
    pairs = [(best(imports, 1), best(program, 1)) for _ in range(15)]  # in turn: the machine's other work hits both
    imported, whole = min(a for a, _ in pairs), min(b for _, b in pairs)
    line("python -c 'import typer, sqlalchemy.orm'", imported, None)
    line("tracker list --overdue --format json", whole, None)
    print(f"{'  ratio (at most 2)':58} {whole / imported:9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commitments", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="make the store here, or use the one that is there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        whole_program(folder)
        path = asked.keep or folder / "long.sqlite3"
        there = path.exists()
        with Store.open(f"sqlite:///{path.resolve()}") as store:
            if not there:
                line("filling", best(lambda: fill(store, asked.commitments), 1), None)
            counts = store.revisions()
            print(f"{len(counts)} commitments, {sum(counts.values())} events")
            answers(store)


if __name__ == "__main__":
    main()
