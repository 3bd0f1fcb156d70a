"""Whether time grows linearly: each worst case of the patterns, at sizes that double, through the whole reading.

    python benchmarks/growth.py [--sizes 20000 40000 80000 160000] [--only "open quotes"]

A row a case: the seconds at each size, and the exponent of growth between the first and the last (1 is linear, 2 is
quadratic). Exits 1 where an exponent is over 1.35 and the time is more than noise.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from datetime import date

from tracker import documents, pipeline
from tracker.domain import Document, DocumentKind, Metadata
from tracker.knowledge import Knowledge, load_knowledge

WORST = {
    "no stop at all": "a",
    "words": "woord ",
    "stops": ".",
    "stops and blanks": ". ",
    "blanks": " ",
    "line breaks": "\n",
    "blank lines with blanks": "\n \n",
    "blanks and a stop": "          .",
    "capitals": "A",
    "initials": "A.",
    "abbreviations": "nr. ",
    "open quotes": "«“(",
    "closed quotes": ".»”)",
    "note marks": "[1]",
    "stops and notes": ".[1]",
    "open markup": "<sup>",
    "stars": "*",
    "underscores": "_",
    "hashes": "#",
    "digits": "1",
    "digits and commas": "1, ",
    "question labels": "Vraag 1 en 2\n",
    "colons": "Aa: ",
    "speaker lines": "Aa (Bb):\n",
    "names without end": "Van Dorp ",
    "open brackets": "Aa (B",
    "motions": "De Kamer, gehoord ",
    "motions on lines": "De Kamer,\ngehoord\n",
    "commitments": "toezegging ik lees ",
    "fractions": "de leden van de abc-fractie ",
    "links": "[a](http://",
    "NULs": "\x00",
    "zero width": "\u200b",
    "bullets": "- a\n",
    "questions": "1. a?\n\n",
    "promises": "ik zal uw Kamer ",
    "promises and commas": "zal ik uw Kamer, ",
    "verbs": "informeren sturen komen terug ",
    "letters": "een brief met een brief ",
    "conditions": "als zodra indien ",
    "as promised": "zoals toegezegd heb ik toegezegd ",
    "asides": " - ik - ( ik ",
    "times": "voor de zomer van ",
    "days": "1 januari 2 februari ",
    "durations": "binnen drie weken na ",
    "events": "na afronding van de evaluatie van ",
    "short promises": "Ik stuur uw Kamer in mei een brief. ",
}
FRAMES = {
    "letter": (DocumentKind.LETTER, "Den Haag, 1 februari 2024\n\nGeachte voorzitter,\n\nHet {}"),
    "debate": (DocumentKind.DEBATE, "Minister Van Dorp:\nHet {}"),
    "consultation": (DocumentKind.REPORT, "schriftelijk overleg\n\nAntwoord\nHet {}"),
}
#: Below this many seconds a measurement is noise.
NOISE = 0.15
STEEP = 1.35


def seconds(knowledge: Knowledge, kind: DocumentKind, text: str) -> float:
    """Processor time of describing a text and finding its mentions."""
    began = time.process_time()
    documents.describe(text, knowledge.registry)
    pipeline.extract(Document("text", text, Metadata(kind=kind, date=date(2024, 2, 1))), knowledge, everything=True)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 40_000, 80_000, 160_000], metavar="CHARACTERS")
    parser.add_argument("--only", default="", help="the cases whose name contains this")
    args = parser.parse_args()
    knowledge = load_knowledge()
    steep = []
    print(f"{'case':40}" + "".join(f"{size:>10}" for size in args.sizes) + f"{'exponent':>10}")
    for frame, (kind, around) in FRAMES.items():
        for name, scrap in WORST.items():
            if args.only not in name:
                continue
            took = [seconds(knowledge, kind, around.format(scrap * (size // len(scrap)))) for size in args.sizes]
            exponent = math.log(max(took[-1], 1e-6) / max(took[0], 1e-6)) / math.log(args.sizes[-1] / args.sizes[0])
            if exponent > STEEP and took[-1] > NOISE:
                steep.append(f"{name} ({frame})")
            print(f"{name + ' (' + frame + ')':40}" + "".join(f"{t:10.3f}" for t in took) + f"{exponent:10.2f}")
    print(f"steeper than linear: {', '.join(steep) or 'none'}")
    sys.exit(bool(steep))


if __name__ == "__main__":
    main()
