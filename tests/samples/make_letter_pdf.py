# /// script
# requires-python = ">=3.11"
# dependencies = ["fpdf2>=2.8"]
# ///
"""Draws the sample letter tracker/samples/brief-revalidatiezorg.pdf: a marginal column, footnotes, two pages.

Run by hand when its text changes (`pipx run tests/samples/make_letter_pdf.py`); it needs the Liberation fonts.
"""

from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF  # type: ignore[import-not-found]

FONTS = Path("/usr/share/fonts/truetype/liberation")
TARGET = Path(__file__).parents[2] / "tracker" / "samples" / "brief-revalidatiezorg.pdf"
DATE = "3 maart 2026"
LEFT, BODY, MARGIN, MARGIN_WIDTH, LINE = 28, 122, 158, 42, 4.7  # millimetres

PARAGRAPHS = [
    """Geachte voorzitter,""",
    """Wie na een beroerte of een ongeval moet revalideren, heeft er baat bij snel te kunnen beginnen. Toch wachten \
mensen in een deel van het land langer dan de norm van zes weken. Met deze brief schets ik hoe het staat met de \
aanpak van die wachttijden, waarover ik op 9 september jl. met uw Kamer heb gesproken.¹""",
    "**Wachttijden in beeld**",
    """Tot vorig jaar hield elke instelling haar wachttijden op een eigen wijze bij. Sinds januari leveren alle 38 \
instellingen hun cijfers aan volgens dezelfde definities. Daaruit blijkt dat de wachttijd in Zeeland en Drenthe \
gemiddeld elf weken bedraagt en in de Randstad zeven. De oorzaken lopen uiteen: er is een tekort aan \
revalidatieartsen, en patiënten worden soms later dan nodig verwezen.""",
    """De Autoriteit Revalidatiezorg onderzoekt in mijn opdracht waarom verwijzingen laat op gang komen. Vóór 1 juli \
2026 stuur ik uw Kamer de uitkomsten van dit onderzoek.""",
    "**Behandelcapaciteit**",
    """Zorgverzekeraars kopen revalidatiezorg in voor een heel jaar. Wanneer een instelling haar omzetplafond \
bereikt, stopt zij met het aannemen van patiënten, ook als elders nog ruimte is. Verzekeraars en instellingen hebben \
mij voorstellen gedaan om dat te voorkomen. Uiterlijk 4 december 2026 leg ik met de zorgverzekeraars afspraken vast \
over het gezamenlijk benutten van vrije behandelplaatsen.""",
    """Het lid Van Wezel-Dorrestijn (Groen Midden) heeft gevraagd het omzetplafond af te schaffen. Dat zeg ik niet \
toe, omdat het plafond ook een rem is op onnodige behandelingen.""",
    "**Revalidatie in de eigen omgeving**",
    """Een groeiend aantal behandelingen vindt thuis plaats, met begeleiding op afstand. De regeling die dit mogelijk \
maakt, loopt tot en met 2027. De evaluatie van de regeling start naar verwachting in september 2026.² Eind Q1 2027 \
informeer ik uw Kamer over de uitkomsten van de evaluatie en over de toekomst van de regeling.""",
    "**Vervolg**",
    """Twee keer per jaar breng ik de voortgang in kaart. In het najaar ontvangt uw Kamer de tweede \
voortgangsrapportage. Ik heb er vertrouwen in dat instellingen, verwijzers en verzekeraars samen de wachttijden \
kunnen terugdringen.""",
    "Hoogachtend,",
    "de minister van Volksgezondheid,\nWelzijn en Sport,",
    "\n\nA.C. Lammerts-Kuyl",
]
NOTES = {  # page -> footnote
    1: "1 Kamerstukken II 2025/26, 38 455, nr. 2.",
    2: "2 De evaluatie wordt uitgevoerd door een onafhankelijk onderzoeksbureau.",
}


class Letter(FPDF):
    def header(self) -> None:
        first = self.page_no() == 1
        lines = ["**Ministerie van**", "**Volksgezondheid,**", "**Welzijn en Sport**"]
        lines += ["", "Parnassusplein 5", "2511 VX Den Haag", "www.rijksoverheid.nl"] if first else []
        lines += ["", "**Ons kenmerk**", "4418207-1093311-CZ"]
        lines += ["", "**Bijlage(n)**", "1"] if first else []
        self.set_font("Sans", size=6.5)
        self.set_y(40)
        for line in lines:
            self.set_x(MARGIN)
            self.cell(MARGIN_WIDTH, 3.4, line, markdown=True, new_y="NEXT")
        self.set_y(40)

    def footer(self) -> None:
        self.set_font("Sans", size=6.5)
        self.line(LEFT, 268, LEFT + 45, 268)
        self.set_xy(LEFT, 270)
        self.cell(BODY, 4, NOTES[self.page_no()])
        self.set_xy(MARGIN, 280)
        self.cell(MARGIN_WIDTH, 4, f"Pagina {self.page_no()} van {len(NOTES)}")


def main() -> None:
    pdf = Letter(format="A4")
    pdf.set_auto_page_break(True, margin=297 - 262)
    pdf.set_creation_date(datetime(2026, 3, 3, tzinfo=UTC))
    pdf.set_lang("nl")
    pdf.add_font("Sans", fname=FONTS / "LiberationSans-Regular.ttf")
    pdf.add_font("Sans", style="B", fname=FONTS / "LiberationSans-Bold.ttf")
    pdf.add_page()

    pdf.set_font("Sans", size=6.5)
    pdf.set_x(LEFT)
    pdf.cell(BODY, 4, "> Retouradres Postbus 20350 2500 EJ Den Haag")
    pdf.set_font("Sans", size=9)
    pdf.set_xy(LEFT, 50)
    address = "Aan de Voorzitter van de Tweede Kamer\nder Staten-Generaal\nPostbus 20018\n2500 EA DEN HAAG"
    pdf.multi_cell(BODY, LINE, address, align="L")
    for y, label, value in ((92, "Datum", DATE), (98, "Betreft", "Voortgang aanpak wachttijden revalidatiezorg")):
        pdf.set_xy(LEFT, y)
        pdf.cell(18, LINE, label)
        pdf.cell(BODY - 18, LINE, value)

    pdf.set_y(114)
    for paragraph in PARAGRAPHS:
        pdf.set_x(LEFT)
        pdf.multi_cell(BODY, LINE, paragraph, align="L", markdown=True, new_y="NEXT")
        if not paragraph.startswith("**"):
            pdf.ln(LINE)
    pdf.output(str(TARGET))


if __name__ == "__main__":
    main()
