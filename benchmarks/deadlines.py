"""How well and how fast deadlines are read, beside dateparser, on the labelled documents in ../shared/gold/dev.

    .venv/bin/python benchmarks/deadlines.py [--gold DIR] [--errors] [--elsewhere N]

Accuracy: of each labelled deadline the sentence and the reference date are given; what the grammar finds and chooses is
held against the label's due date, first day and words. Where a sentence carries several labels, each is held against
the deadline found that is nearest to the label's words, since the act meant is not known here.
Elsewhere: the dates read in sentences without a label, for a person to look through: is each of them a time?
Speed: distinct sentences, empty caches, both in this process, in turn; processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tracker.deadlines import Calendar, DeadlineGrammar, resolve
from tracker.domain import Deadline
from tracker.knowledge import load_calendar, load_grammar

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold" / "dev"
_NORMAL = str.maketrans("«»“”„‘’‚–—\u00a0", '"""""\'\'\'-- ')


@dataclass(frozen=True)
class Case:
    """A labelled deadline: the sentence and its date are given, the rest is to be found."""

    document: str
    sentence: str
    reference: date
    words: str
    first: str | None
    last: str | None
    alone: bool  # the only label of its sentence


@dataclass(frozen=True)
class Answer:
    words: str
    first: str | None
    last: str | None


Read = Callable[[Case], Answer | None]


def squeeze(text: str) -> str:
    """Markup, line breaks and kinds of quote taken out, as the scorer does."""
    text = re.sub(r"<sup>.*?</sup>|[*_`]|\u00ad", "", text).translate(_NORMAL)
    return re.sub(r"\s+", " ", text).strip()


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def cases(gold: Path) -> list[Case]:
    dates = {row["id"]: date.fromisoformat(row["date"]) for row in rows(gold / "index.jsonl")}
    labelled = [row for row in rows(gold / "labels.jsonl") if row.get("deadline")]
    times = Counter((row["doc"], row["sentence"]) for row in labelled)
    return [
        Case(
            row["doc"],
            squeeze(row["sentence"]),
            dates[row["doc"]],
            squeeze(row["deadline"]["text"]),
            row["deadline"]["from"],
            row["deadline"]["to"],
            times[row["doc"], row["sentence"]] == 1,
        )
        for row in labelled
    ]


def ours(grammar: DeadlineGrammar, calendar: Calendar) -> Read:
    def read(case: Case) -> Answer | None:
        found = grammar.find(case.sentence)
        best: Deadline | None
        if case.alone:
            best, _ = grammar.choose(case.sentence, found, reference=case.reference, calendar=calendar)
        else:
            best = next((d for d in found if _same_words(case.words, d.words)), None)
        if best is None:
            return None
        due = resolve(best, case.reference, calendar)
        return Answer(best.words, _iso(due.first), _iso(due.last))

    return read


def dateparsers() -> Read:
    from dateparser.search import search_dates

    def read(case: Case) -> Answer | None:
        settings = {
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": datetime.combine(case.reference, datetime.min.time()),
        }
        found = search_dates(case.sentence, languages=["nl"], settings=settings) or []
        if not found:
            return None
        near = [f for f in found if _same_words(case.words, f[0])] if not case.alone else []
        words, moment = (near or found)[-1]
        return Answer(words, None, moment.date().isoformat())

    return read


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _same_words(one: str, other: str) -> bool:
    a, b = one.lower(), other.lower()
    return a in b or b in a


def judge(name: str, read: Read, given: Sequence[Case]) -> list[tuple[str, Case, Answer | None]]:
    """Print the figures of one reader; give back what it got wrong."""
    right = wrong = words = first = dated = 0
    misses = []
    for case in given:
        answer = read(case)
        good = answer is not None and answer.last == case.last
        right += good
        words += answer is not None and _same_words(case.words, answer.words)
        wrong += not good and answer is not None and answer.last is not None
        if good and case.last:
            dated += 1
            first += answer is not None and answer.first == case.first
        if not good:
            misses.append(("wrong date" if answer and answer.last else "no date", case, answer))
    total = len(given)
    print(
        f"{name:11} due date right {right / total:6.1%} ({right} of {total})   wrong date {wrong / total:5.1%}   "
        f"no date {(total - right - wrong) / total:5.1%}   words {words / total:6.1%}   "
        f"first day {first / max(1, dated):6.1%} of {dated}"
    )
    return misses


def elsewhere(gold: Path, grammar: DeadlineGrammar, calendar: Calendar) -> Iterator[str]:
    """The dates read in sentences that carry no label, with a few words around them."""
    labelled: dict[str, set[str]] = {}
    for row in rows(gold / "labels.jsonl"):
        labelled.setdefault(row["doc"], set()).add(squeeze(row["sentence"]))
    for row in rows(gold / "index.jsonl"):
        text = (gold / row["file"]).read_text(encoding="utf-8")
        for sentence in sentences(text):
            if any(sentence in known or known in sentence for known in labelled.get(row["id"], ())):
                continue
            for deadline in grammar.find(sentence):
                due = resolve(deadline, date.fromisoformat(row["date"]), calendar)
                if due.last:
                    start, end = deadline.span.start, deadline.span.end
                    near = f"{sentence[max(0, start - 50) : start]}[{deadline.words}]{sentence[end : end + 40]}"
                    yield f"{row['id']} {due.first}..{due.last} {near}"


def sentences(text: str) -> Iterator[str]:
    """Roughly the sentences of a document: good enough to be read through and to be timed."""
    for block in re.split(r"\n\s*\n|\n(?=[A-Z-])", text):
        yield from re.split(r"(?<=[.?!])\s+(?=[A-Z\"])", squeeze(block))


def speed(gold: Path, rounds: int = 5) -> None:
    """Both on the same distinct sentences, in turn; ours anew in each round, so that it has seen none of them.

    Loading is not counted for either.
    """
    from dateparser.search import search_dates

    found = {
        sentence: date.fromisoformat(row["date"])
        for row in rows(gold / "index.jsonl")
        for sentence in sentences((gold / row["file"]).read_text("utf-8"))
        if len(sentence) > 20
    }
    distinct = sorted(found.items())
    random.Random(0).shuffle(distinct)
    undated = [(sentence,) for sentence, _ in distinct]
    size = sum(len(sentence.encode()) for sentence, _ in distinct) / 1e6
    search_dates("5 mei 2020", languages=["nl"])

    def dated(sentence: str, day: date) -> None:
        base = datetime.combine(day, datetime.min.time())
        search_dates(sentence, languages=["nl"], settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": base})

    own, bare, other = [], [], []
    for _ in range(rounds):  # in turns, so that a busy machine slows all alike
        own.append(_seconds(load_grammar().find, undated))
        bare.append(_seconds(partial(search_dates, languages=["nl"]), undated))
        other.append(_seconds(dated, distinct))
    times = [sorted(theirs / ours for theirs, ours in zip(peer, own, strict=True)) for peer in (bare, other)]
    print(
        f"speed       {len(distinct) / min(own):,.0f} sentences/s ({size / min(own):.1f} MB/s); dateparser "
        f"{len(distinct) / min(bare):,.0f}, with the document's date {len(distinct) / min(other):,.0f}: "
        + " and ".join(f"{median(t):.1f} ({t[0]:.1f}-{t[-1]:.1f})" for t in times)
        + f" times as long, median and range of {rounds} rounds"
    )


def _seconds(read: Callable[..., object], given: Sequence[tuple[Any, ...]]) -> float:
    """Processor time for reading each sentence once."""
    start = time.process_time()
    for each in given:
        read(*each)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--errors", action="store_true", help="print what was not read as the label has it")
    parser.add_argument("--elsewhere", type=int, metavar="N", help="print N dates read in sentences without a label")
    parser.add_argument("--no-peer", action="store_true", help="leave dateparser out")
    args = parser.parse_args()
    if not args.gold.is_dir():
        sys.exit(f"no labelled documents at {args.gold}")
    given = cases(args.gold)
    grammar, calendar = load_grammar(), load_calendar()
    if not args.no_peer:
        speed(args.gold)
    misses = judge("ours", ours(grammar, calendar), given)
    if not args.no_peer:
        judge("dateparser", dateparsers(), given)
    if args.errors:
        for what, case, answer in misses:
            print(f"{what}: {case.document} {case.reference} [{case.words}] due {case.last}; read {answer}")
            print(f"    {case.sentence[:300]}")
    if args.elsewhere:
        found = list(elsewhere(args.gold, grammar, calendar))
        random.Random(0).shuffle(found)
        print(f"{len(found)} dates in sentences without a label")
        print("\n".join(found[: args.elsewhere]))


if __name__ == "__main__":
    main()
