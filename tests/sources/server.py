"""The publishers on loopback, as far as is known of them: the Tweede Kamer's OData, KOOP's SRU, and plain addresses.

Each behaviour names what it stands on: [l.11] is line 11 of the list of facts about official sources (lines 8 to 39 are
about the Tweede Kamer, 47 to 50 about officielebekendmakingen.nl). No fact is known of, and so assumed: the form of the
link to the next page, "ge" in filters, filters on Kamerstukdossier, ETags, and all failures.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ODATA = "/OData/v4/2.0"
#: [l.21] The fields of a commitment in the register. [l.23] None of them is a day of promising or a term.
REGISTER_FIELDS = (
    "Id", "Aanmaakdatum", "Nummer", "ActiviteitNummer", "Naam", "Achternaam", "Initialen", "Functie", "Ministerie",
    "Status", "DatumNakoming", "Tekst", "Notities", "Verwijderd", "GewijzigdOp", "ApiGewijzigdOp",
)  # fmt: skip
#: [l.22, l.32]
EXPANDABLE = {
    "Document": ("DocumentActor", "DocumentVersie", "HuidigeDocumentVersie", "Activiteit", "Kamerstukdossier", "Zaak"),
    "Toezegging": ("Activiteit", "KamerbriefNakoming", "ToegezegdAan"),
    "Verslag": ("Vergadering($select=Id,Titel,Datum,Soort)",),
}
#: [l.17]
NO_DATE = "0001-01-01T00:00:00Z"


@dataclass
class Fault:
    """One answer that goes wrong: `kind` is a status, or one of truncated, unframed, dropped, slow, drip, html."""

    kind: int | str
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 1.0


@dataclass
class Asked:
    path: str  # with the query, unquoted
    headers: dict[str, str]
    at: float


@dataclass
class Service:
    """What is published, what goes wrong, and what was asked."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    register: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    publications: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # by path
    headers: dict[str, dict[str, str]] = field(default_factory=dict)  # more of them, by path
    redirects: dict[str, str] = field(default_factory=dict)
    page_size: int = 250  # [l.11]
    sru_prefix: str = "ow"
    asked: list[Asked] = field(default_factory=list)
    #: Called for each request with its number, counted from 0, and its path.
    trouble: Callable[[int, str], Fault | None] = lambda number, path: None
    url: str = ""

    @property
    def odata(self) -> str:
        return self.url + ODATA

    @property
    def sru(self) -> str:
        return self.url + "/sru"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def fail(self, *faults: Fault | None, on: str = "") -> None:
        """Let the next requests whose path holds `on` go wrong, one after another; None is one that goes well."""
        coming = list(faults)

        def trouble(number: int, path: str) -> Fault | None:
            return coming.pop(0) if coming and on in path else None

        self.trouble = trouble

    # ── OData ────────────────────────────────────────────────────────────────────────────────────────────────────

    def entities(self, name: str, query: dict[str, str], path: str, accept: str) -> tuple[int, dict[str, Any]]:
        rows = {"Document": self.documents, "Toezegging": self.register, "Verslag": self.reports}.get(name)
        if rows is None:
            return 404, {"error": {"message": f"no {name}"}}
        try:
            found = [row for row in rows if _holds(query.get("$filter", ""), row)]
            if order := query.get("$orderby"):
                if order not in REGISTER_FIELDS and name == "Toezegging":
                    raise ValueError(f"Could not find a property named '{order}'")  # [l.23]
                found.sort(key=lambda row: _moment(row[order]) if order == "GewijzigdOp" else row[order])
            wanted = [part for part in re.split(r",(?![^(]*\))", query.get("$expand", "")) if part]
            if unknown := [part for part in wanted if part not in EXPANDABLE[name]]:
                raise ValueError(f"Could not find a property named '{unknown[0]}'")
        except (ValueError, KeyError) as problem:
            return 400, {"error": {"code": "", "message": str(problem)}}
        start = int(query.get("$skiptoken", query.get("$skip", "0")))
        if "$top" in query:  # [l.12]
            page, following = found[start : start + min(int(query["$top"]), self.page_size)], None
        else:
            page = found[start : start + self.page_size]
            following = start + self.page_size if start + self.page_size < len(found) else None
        left_out = {one.partition("(")[0] for one in EXPANDABLE[name] if one not in wanted}
        answer: dict[str, Any] = {"value": [_visible(row, left_out) for row in page]}
        if "odata.metadata=none" not in accept:  # [l.14]
            answer["@odata.context"] = f"{self.odata}/$metadata#{name}"
        if following is not None:
            base = re.sub(r"&?\$skip(token)?=\d+", "", path)
            answer["@odata.nextLink"] = f"{self.url}{base}&$skiptoken={following}"
        return 200, answer

    def resource(self, identifier: str) -> bytes | None:
        """[l.15] The file of a row."""
        rows = (*self.documents, *self.reports)
        return next((row["_content"] for row in rows if row["Id"] == identifier), None)

    # ── SRU ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def search(self, query: dict[str, str]) -> str:
        if "sortKeys" in query:  # [l.48]
            return _diagnostic("Unsupported parameter: sortKeys")
        cql = query["query"]
        names = set(re.findall(r'w\.publicatienaam == "([^"]+)"', cql))
        since = re.search(r'dt\.date >= "([^"]+)"', cql)
        found = [
            row
            for row in self.publications
            if row["publicatienaam"] in names and (since is None or row["date"] >= since[1])
        ]
        start, most = int(query["startRecord"]), min(int(query["maximumRecords"]), 1000)  # [l.47]
        ow = self.sru_prefix  # [l.49]
        records = "".join(self._record(row, ow) for row in found[start - 1 : start - 1 + most])
        return (
            '<?xml version="1.0"?><sru:searchRetrieveResponse'
            ' xmlns:sru="http://docs.oasis-open.org/ns/search-ws/sruResponse"'
            ' xmlns:gzd="http://standaarden.overheid.nl/sru" xmlns:dcterms="http://purl.org/dc/terms/"'
            f' xmlns:{ow}="http://standaarden.overheid.nl/wetgeving/"><sru:version>2.0</sru:version>'
            f"<sru:numberOfRecords>{len(found)}</sru:numberOfRecords><sru:records>{records}</sru:records>"
            "</sru:searchRetrieveResponse>"
        )

    def _record(self, row: dict[str, Any], ow: str) -> str:
        items = "".join(
            f'<gzd:itemUrl manifestation="{name}">{self.url}{path}</gzd:itemUrl>' for name, path in row["items"].items()
        )
        return (
            "<sru:record><sru:recordData><gzd:gzd><gzd:originalData><meta><owmskern>"
            f"<dcterms:identifier>{row['identifier']}</dcterms:identifier>"
            f"<dcterms:title>{escape(row['title'])}</dcterms:title></owmskern><owmsmantel>"
            f"<dcterms:date>{row['date']}</dcterms:date></owmsmantel><tpmeta>"
            f"<{ow}:publicatienaam>{row['publicatienaam']}</{ow}:publicatienaam>"
            f"<{ow}:dossiernummer>{row['dossiernummer']}</{ow}:dossiernummer>"
            f"<{ow}:ondernummer>{row['ondernummer']}</{ow}:ondernummer></tpmeta></meta></gzd:originalData>"
            f"<gzd:enrichedData><gzd:preferredUrl>https://zoek.officielebekendmakingen.nl/{row['identifier']}.html"
            f"</gzd:preferredUrl>{items}</gzd:enrichedData></gzd:gzd></sru:recordData></sru:record>"
        )


def _diagnostic(message: str) -> str:
    return (
        '<?xml version="1.0"?><s:searchRetrieveResponse xmlns:s="http://docs.oasis-open.org/ns/search-ws/sruResponse">'
        "<s:numberOfRecords>0</s:numberOfRecords><s:diagnostics><d:diagnostic"
        f' xmlns:d="http://docs.oasis-open.org/ns/search-ws/diagnostic"><d:message>{message}</d:message></d:diagnostic>'
        "</s:diagnostics></s:searchRetrieveResponse>"
    )


def _visible(row: dict[str, Any], left_out: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("_") and name not in left_out}


def _holds(where: str, row: dict[str, Any]) -> bool:
    """The few forms of a filter that we send; anything else is an error, as it is at the service."""
    return all(_any_holds(part, row) for part in re.split(r" and (?![^(]*\))", where) if part)


def _any_holds(part: str, row: dict[str, Any]) -> bool:
    if part.startswith("(") and part.endswith(")"):
        return any(_one_holds(each, row) for each in part[1:-1].split(" or "))
    return _one_holds(part, row)


def _one_holds(condition: str, row: dict[str, Any]) -> bool:
    if found := re.fullmatch(
        r"Kamerstukdossier/any\(d:d/Nummer eq (\d+)(?: and d/Toevoeging eq '(\w+)')?\)", condition
    ):
        return any(
            d["Nummer"] == int(found[1]) and (not found[2] or d["Toevoeging"] == found[2])
            for d in row["Kamerstukdossier"]
        )
    if found := re.fullmatch(r"Vergadering/Datum ge (.+)", condition):
        return _moment(row["Vergadering"]["Datum"]) >= _moment(found[1])
    found = re.fullmatch(r"(\w+) (eq|ge|gt) (.+)", condition)
    if not found or found[1] not in row:
        raise ValueError(f"Could not find a property named '{condition}'")
    name, operator, written = found.groups()
    value: Any = row[name]
    wanted: Any = written
    if written in {"true", "false"}:
        wanted = written == "true"
    elif written.startswith("'"):
        if not re.fullmatch(r"'(?:[^']|'')*'", written):  # [l.14]
            raise ValueError("There is an unterminated string literal")
        wanted = written[1:-1].replace("''", "'")
    elif operator != "eq":
        value, wanted = _moment(value), _moment(written)
    return bool(value == wanted if operator == "eq" else value >= wanted if operator == "ge" else value > wanted)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ── Over the wire ────────────────────────────────────────────────────────────────────────────────────────────────


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are sent apart
    service: Service

    def do_GET(self) -> None:
        service, path = self.service, unquote(self.path)
        service.asked.append(Asked(path, dict(self.headers), time.monotonic()))
        fault = service.trouble(len(service.asked) - 1, path)
        if fault is not None and isinstance(fault.kind, int):
            self._send(fault.kind, b"trouble", "text/plain", fault.headers)
        elif fault is not None and fault.kind == "html":
            self._send(200, b"<!doctype html><title>Onderhoud</title>", "text/html")
        elif fault is not None and fault.kind == "dropped":
            self.close_connection = True
        else:
            self._answer(service, urlsplit(self.path), path, fault)

    def _answer(self, service: Service, split: Any, path: str, fault: Fault | None) -> None:
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        where = unquote(split.path)
        if where in service.redirects:
            self._send(302, b"", "text/plain", {"Location": service.redirects[where]})
        elif found := re.fullmatch(re.escape(ODATA) + r"/(?:Document|Verslag)\(([\w-]+)\)/resource", where):
            self._file(service.resource(found[1]), fault)
        elif where.startswith(ODATA + "/"):
            accept = self.headers.get("Accept", "")
            status, answer = service.entities(where.removeprefix(ODATA + "/"), query, self.path, accept)
            self._send(status, json.dumps(answer).encode(), "application/json", fault=fault)
        elif where == "/sru":
            self._send(200, service.search(query).encode(), "application/xml", fault=fault)
        else:
            self._file(service.files.get(where), fault)

    def _file(self, content: bytes | None, fault: Fault | None) -> None:
        if content is None:
            self._send(404, b"", "text/plain")
            return
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._send(304, b"", "text/plain", {"ETag": etag})
        else:
            headers = {"ETag": etag, **self.service.headers.get(urlsplit(self.path).path, {})}
            self._send(200, content, "application/octet-stream", headers, fault)

    def _send(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None, fault: Fault | None = None
    ) -> None:
        self.send_response(status)
        how = fault.kind if fault else None
        if how == "unframed":  # no length: only the content can tell that it is cut off
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self._body(body, how, fault.seconds if fault else 0)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _body(self, body: bytes, how: int | str | None, seconds: float) -> None:
        if how in {"truncated", "unframed"}:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif how == "slow":
            time.sleep(seconds)
            self.wfile.write(body)
        elif how == "drip":
            for at in range(len(body)):
                self.wfile.write(body[at : at + 1])
                self.wfile.flush()
                time.sleep(seconds / len(body))
        else:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the library's
        """Nothing: tests look at `asked`."""


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed leaves without a word; that is what is being tested."""


@contextmanager
def serve(service: Service) -> Iterator[Service]:
    """The service on a free port of loopback."""
    handler = type("Bound", (Handler,), {"service": service})
    server = Quiet(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# ── What is published, invented ──────────────────────────────────────────────────────────────────────────────────


def place(number: int) -> str:
    """A place of its own for each letter, so that no two letters are about the same thing."""
    syllables = ("dra", "kel", "mos", "ter", "vin", "lor", "bek", "zum")
    return "".join(syllables[number // 8**place % 8] for place in range(4)).capitalize()


def letter(number: int) -> str:
    """A letter that promises one thing by a day of its own."""
    here = place(number)
    return (
        f"Aan de Voorzitter van de Tweede Kamer der Staten-Generaal\n\nDatum {1 + number % 28} maart 2024\n"
        f"Betreft De {here}sluis\n\nGeachte voorzitter,\n\nIn deze brief ga ik in op de {here}sluis.\n\n"
        f"Uiterlijk {1 + number % 28} november 2024 stuur ik uw Kamer het {here}plan over {here}-{number}.\n\n"
        "De Minister van Infrastructuur en Waterstaat,\n\nA. de Sluiswachter\n"
    )


def identifier(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def document(number: int, **fields: Any) -> dict[str, Any]:
    """A row of Document [l.32], changed in the minute of its number."""
    content = fields.pop("content", None) or letter(number).encode()
    changed = f"2024-03-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00.123+01:00"
    row = {
        "Id": identifier(number),
        "Soort": "Brief regering",
        "DocumentNummer": f"2024D{number:05}",
        "Titel": "Infrastructuur",
        "Onderwerp": f"De {place(number)}sluis {number}",
        "Datum": f"2024-03-{1 + number % 28:02}T00:00:00+01:00",
        "Volgnummer": -1,  # [l.32] no number
        "ContentType": "application/pdf",
        "ContentLength": len(content),
        "Verwijderd": False,
        "GewijzigdOp": changed,
        "ApiGewijzigdOp": changed,
        "DocumentActor": [
            {
                "ActorNaam": "A. de Sluiswachter",
                "ActorFractie": None,
                "Functie": "minister van Infrastructuur en Waterstaat",
                "Relatie": "Eerste ondertekenaar",
            }
        ],
        "Zaak": [{"Nummer": f"2024Z{number:05}", "Termijn": NO_DATE}],
        "Activiteit": [],
        "Kamerstukdossier": [{"Nummer": 36410, "Toevoeging": "XII"}],
        "HuidigeDocumentVersie": {"ExterneIdentifier": None},
        "_content": content,
    }
    return {**row, **fields}


def toezegging(number: int, **fields: Any) -> dict[str, Any]:
    """A row of Toezegging [l.21]."""
    row = {
        "Id": identifier(number),
        "Aanmaakdatum": "2025-01-15T15:01:11.8471234+01:00",
        "Nummer": f"TZ202501-{number:03}",
        "ActiviteitNummer": "2025A00001",
        "Naam": "Sluiswachter, A. de",
        "Achternaam": "Sluiswachter",
        "Initialen": "A.",
        "Functie": "Minister van Infrastructuur en Waterstaat",
        "Ministerie": "Infrastructuur en Waterstaat",
        "Status": "Openstaand",
        "DatumNakoming": NO_DATE,
        "Tekst": f"De minister stuurt de Kamer in maart 2025 een overzicht van het onderhoud aan sluis {number}.",
        "Notities": None,
        "Verwijderd": False,
        "GewijzigdOp": "2025-01-15T15:01:11.847+01:00",
        "ApiGewijzigdOp": "2025-01-15T15:02:00Z",
        "Activiteit": {"Nummer": "2025A00001", "Datum": "2025-01-14T00:00:00+01:00", "Soort": "Commissiedebat"},
        "KamerbriefNakoming": [],
        "ToegezegdAan": [],
    }
    return {**row, **fields}


def report(number: int, meeting: int, status: str, words: str, **fields: Any) -> dict[str, Any]:
    """A row of Verslag [l.38], changed in the minute of its number, in which a minister says these words."""
    content = (
        "<vlosCoreDocument xmlns='http://www.tweedekamer.nl/ggm/vergaderverslag/v1.0'><vergadering soort='Plenair'>"
        "<titel>Sluizen</titel><datum>2024-03-05T00:00:00</datum><activiteit><onderwerp>Sluizen</onderwerp>"
        "<activiteithoofd><activiteititem><woordvoerder><spreker soort='Minister'><aanhef>De heer</aanhef>"
        "<verslagnaam>De Sluiswachter</verslagnaam><functie>minister van Infrastructuur en Waterstaat</functie>"
        "</spreker><isvoorzitter>false</isvoorzitter><tekst><alinea><alineaitem>Minister <nadruk>De Sluiswachter"
        f"</nadruk>:</alineaitem></alinea><alinea><alineaitem>{words}</alineaitem></alinea></tekst></woordvoerder>"
        "</activiteititem></activiteithoofd></activiteit></vergadering></vlosCoreDocument>"
    ).encode()
    row = {
        "Id": identifier(number),
        "Vergadering_Id": identifier(meeting),
        "Soort": "Eindpublicatie",
        "Status": status,
        "ContentType": "text/xml",
        "ContentLength": len(content),
        "Verwijderd": False,
        "GewijzigdOp": f"2024-03-06T10:{number:02}:00+01:00",
        "Vergadering": {
            "Id": identifier(meeting),
            "Titel": f"Vergadering {meeting}",
            "Datum": "2024-03-05T00:00:00+01:00",
        },
        "_content": content,
    }
    return {**row, **fields}


def publication(service: Service, number: int, **fields: Any) -> dict[str, Any]:
    """A record of SRU [l.49], with its file."""
    name = f"kst-36410-XII-{number}"
    path = f"/frbr/officielepublicaties/kst/36410/{quote(name)}/1/pdf/{name}.pdf"
    service.files[path] = letter(number).encode()
    row = {
        "identifier": name,
        "title": f"Brief van de minister over de {place(number)}sluis",
        "date": f"2024-03-{1 + number % 28:02}",
        "publicatienaam": "Kamerstuk",
        "dossiernummer": "36410-XII",
        "ondernummer": str(number),
        "items": {"metadata": f"/{name}/metadata.xml", "pdf": path},
    }
    return {**row, **fields}
