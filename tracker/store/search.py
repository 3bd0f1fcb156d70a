"""Finding commitments by their words: an index kept in step with the states, and who looks a word up in it.

`commitment_index` is a projection of `commitment_state` and of the documents' titles. Every database can search it with
LIKE. SQLite with FTS5 does it by a full-text index over the same words, which triggers keep in step; a server could do
it by one of its own: a class with `matching` is all that it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnClause, ColumnElement, column, delete, false, inspect, or_, select, table, text
from sqlalchemy.orm import Session

from tracker.commitments import filters
from tracker.commitments.state import Commitment
from tracker.store.rows import commitment_of, document_ref, metadata_from_json
from tracker.store.tables import CommitmentRow, CommitmentState, IndexRow, Work

FULL_TEXT = "commitment_words"
VOCABULARY = "commitment_words_terms"

#: A word that is part of more words than this says so little that reading every text is faster.
MOST_WORDS = 400

#: So many commitments are indexed at once: SQLite takes no more than some thousands of values in a statement.
_BATCH = 500


class Search(Protocol):
    """Looks words up in the index."""

    def matching(self, words: str) -> list[ColumnElement[bool]]:
        """Conditions on IndexRow that hold where each of the words is one, or part of one, as `Filter.search` says."""


class Like:
    """Reads every text. In any database."""

    def matching(self, words: str) -> list[ColumnElement[bool]]:
        wanted = filters.tokens(words)
        if not wanted and words.strip():
            return [false()]
        return [IndexRow.words.contains(word, autoescape=True) for word in wanted]


class Fts5:
    """SQLite's full-text index. The words that a word is part of are looked up in its vocabulary first."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def matching(self, words: str) -> list[ColumnElement[bool]]:
        wanted = filters.tokens(words)
        if not wanted:
            return Like().matching(words)
        found = self._vocabulary(wanted)
        return [
            self._any_of(found[word]) if len(found[word]) <= MOST_WORDS else Like().matching(word)[0] for word in wanted
        ]

    def _vocabulary(self, parts: list[str]) -> dict[str, list[str]]:
        """The words that each is a part of, in one reading of the vocabulary."""
        term: ColumnClause[str] = column("term")
        anyone = or_(*(term.contains(part, autoescape=True) for part in parts))
        terms = list(self._session.scalars(select(term).select_from(table(VOCABULARY, term)).where(anyone)))
        return {part: [each for each in terms if part in each] for part in parts}

    def _any_of(self, words: list[str]) -> ColumnElement[bool]:
        if not words:
            return false()
        index = table(FULL_TEXT, column("rowid"))
        wanted = " OR ".join(f'"{word}"' for word in words)  # a word has no quotes
        matches = select(index.c.rowid).where(column(FULL_TEXT).op("MATCH")(wanted))
        return IndexRow.commitment_id.in_(matches)


def search(session: Session) -> Search:
    """The best that this database can do."""
    return Fts5(session) if _has_full_text(session) else Like()


def _has_full_text(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite" and FULL_TEXT in inspect(session.connection()).get_table_names()


# ── Keeping the index ────────────────────────────────────────────────────────────────────────────────────────────


def entry(c: Commitment) -> dict[str, str]:
    """The columns of the index for a commitment."""
    return {
        "words": filters.search_words(c),
        "kind": c.kind.value,
        "strength": c.strength.value,
        "actor": filters.actor_words(c),
        "named": filters.actor_name(c),
        "ministries": lines(filters.ministries(c)),
        "dossiers": lines(map(filters.digits, c.document.dossiers)),
        "tags": lines(filters.folded(c.tags)),
        "title": filters.plain(c.document.title or ""),
    }


def lines(values: Iterable[str]) -> str:
    """Values between line ends, which none of them has: "\\njenv\\nvws\\n" holds "\\nvws\\n"."""
    return "".join(f"\n{value}" for value in sorted(values)) + "\n"


def refresh(session: Session, ids: Collection[int] | None = None) -> None:
    """Write the entries of commitments anew from their states; all of them where `ids` is None."""
    session.flush()
    if ids is None and _has_full_text(session):
        session.execute(text(f"INSERT INTO {FULL_TEXT} ({FULL_TEXT}) VALUES ('rebuild')"))  # may be out of step
    for some in [None] if ids is None else _batches(ids):
        session.execute(delete(IndexRow).where(*_of(IndexRow.commitment_id, some)))
        session.add_all(IndexRow(commitment_id=row_id, **made) for row_id, made in _entries(session, some))
        session.flush()


def refresh_document(session: Session, work_id: int) -> None:
    """Write the entries of a document's commitments anew: its title or dossiers may have changed."""
    refresh(session, list(session.scalars(select(CommitmentState.commitment_id).filter_by(work_id=work_id))))


def wrong_entries(session: Session) -> list[str]:
    """One line for each entry that is not as its state makes it."""
    names = [column.key for column in IndexRow.__table__.columns if column.key != "commitment_id"]
    ought = dict(_entries(session, None))
    stored = {row.commitment_id: {name: getattr(row, name) for name in names} for row in _index(session)}
    wrong = {row_id for row_id in ought.keys() | stored.keys() if ought.get(row_id) != stored.get(row_id)}
    if _has_full_text(session):
        # The index proper is SQLite's; what could go wrong outside of it is a row without its words, or the reverse.
        indexed = set(session.scalars(text(f"SELECT id FROM {FULL_TEXT}_docsize")))
        wrong |= indexed ^ stored.keys()
    rows = session.execute(select(CommitmentRow.id, CommitmentRow.number))
    numbers = {row.id: row.number for row in rows}
    return [f"{numbers.get(row_id, row_id)}: what a search finds it by is not what it says" for row_id in sorted(wrong)]


def _index(session: Session) -> Iterable[Any]:
    return session.execute(select(*IndexRow.__table__.columns))


def _entries(session: Session, ids: Collection[int] | None) -> Iterator[tuple[int, dict[str, str]]]:
    state = CommitmentState
    columns = (state.commitment_id, state.status, state.review, state.made, state.work_id, state.state)
    rows = session.execute(select(*columns).where(*_of(state.commitment_id, ids))).all()
    named = {row.work_id for row in rows if row.work_id is not None}
    works = select(Work.id, Work.name, Work.metadata_json).where(*_of(Work.id, None if ids is None else named))
    refs = {i: document_ref(i, name, metadata_from_json(said)) for i, name, said in session.execute(works)}
    for row in rows:
        yield row.commitment_id, entry(commitment_of(row, date.max, refs))


def _of(ids_column: Any, ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if ids is None else [ids_column.in_(ids)]


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    yield from (ordered[i : i + _BATCH] for i in range(0, len(ordered), _BATCH))
