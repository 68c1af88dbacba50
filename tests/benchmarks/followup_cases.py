"""Conversations for ``followups``: small documents that repeat each other's words, and what is asked about them.

The documents are invented, so that no model knows them. ``FIRST`` was written before the rule that makes follow-ups
stand alone was changed, ``SECOND`` after; figures are reported on ``SECOND``.
"""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTS = {
    "teams/harbour.md": "# Harbour team\n\nIda Brekke leads the harbour team. She has worked in Molde since 2012. "
    "She reports to the port director. Her deputy is Olav Sund.\n",
    "teams/kitchen.md": "# Kitchen team\n\nRoss Tallow leads the kitchen team. He has worked in Perth since 1998. "
    "He reports to the head of services. His deputy is Jean Foy.\n",
    "teams/archive.md": "# Archive team\n\nMina Okafor leads the archive team. She has worked in Kano since 2020. "
    "She reports to the librarian. Her deputy is Tunde Bello.\n",
    "fees.md": "# Fees\n\nIn London the fee for a stall is 80 pounds a day. In Leeds the fee for a stall is 45 pounds a "
    "day. In York the fee for a stall is 38 pounds a day.\n\nA licence costs 12 pounds in London and 9 pounds in York. "
    "\n\nA parking space costs 6 pounds in Leeds.\n",
    "sports.md": "# Sports\n\nRowing takes place on Monday at six on the lake. Judo takes place on Wednesday at seven in "
    "the old hall. Archery takes place on Saturday at nine in the meadow.\n\nThe rowing coach is Petra Lind. The judo "
    "coach is Samir Haddad.\n",
    "visitors.md": "# Visitors\n\nIn 2018 the museum counted 41,000 visitors. In 2019 the museum counted 52,500 "
    "visitors. In 2020 the museum counted 9,300 visitors.\n\nThe museum opened in 1904 in the customs house.\n",
    "planets.md": "# Planets\n\nA day on Mars lasts 24.6 hours. A day on Jupiter lasts 9.9 hours. A day on Venus lasts "
    "5,832 hours.\n\nMars has two moons. Venus has no moon.\n",
    "ferries.md": "# Ferries\n\nThe ferry to Holm leaves at 7:40 and carries 28 cars. The ferry to Rona leaves at 9:15 "
    "and carries 60 cars. Tickets for the ferry to Holm are sold in the kiosk on the quay.\n",
    "onboarding.md": "# New staff\n\nNew staff collect their laptop in room B2.14. They get their badge at the front "
    "desk. The badge is valid for three years.\n",
    "parking.md": "# Parking\n\nThe car park of the office has 140 spaces. Parking costs 4 euros a day. It is closed on "
    "public holidays because the barrier has no guard then.\n",
    "leave.md": "# Leave\n\nStaff get 27 days of annual leave. Sick leave needs a note from the fourth day. Parental "
    "leave lasts 26 weeks. Unused days lapse on 31 March.\n",
    "heating.md": "# Heating\n\nThe boiler was replaced in 2016 by the firm Nordvarme. It burns wood pellets. The "
    "pellets are delivered every second week by lorry. The old boiler burned oil.\n",
    "bridge.md": "# Lantern bridge\n\nThe Lantern bridge was built by Edda Rask between 1927 and 1931. It is 412 metres "
    "long. It was closed in 1952 because a storm had broken two piers.\n",
    "tunnel.md": "# Moss tunnel\n\nThe Moss tunnel was built by Karl Vinter between 1961 and 1966. It is 2,300 metres "
    "long. It was closed in 1999 because water had entered the eastern tube.\n",
    "urlaub.md": "# Dienstreisen\n\nHotels in Bergen dürfen bis zu 150 Euro kosten. Hotels in Oslo dürfen bis zu 190 Euro "
    "kosten. Das Tagegeld beträgt 42 Euro. Anträge nimmt Frau Seidel in Zimmer 12 entgegen. Das Angebot gilt bis Ende "
    "Juni.\n",
    "treaty.md": "# Treaty of Varn\n\nThe Treaty of Varn was signed in 1814 by King Aldric and Queen Maude. It gave the "
    "valley of Esk to the north. The treaty was signed in the abbey of Varn.\n",
}


@dataclass(frozen=True)
class Talk:
    """A conversation and the question that follows it.

    Attributes:
        turns: What was said before: question, answer, question, answer …
        question: What is asked now.
        source: The document that answers it.
        words: Words of the sentence that answers it.
        whole: Whether the question needs nothing of the conversation, so that it must not be changed.
    """

    turns: tuple[str, ...]
    question: str
    source: str
    words: str
    whole: bool = False


_REFUSED = "The documents do not say."
_HARBOUR = ("Who leads the harbour team?", "“Ida Brekke leads the harbour team.” [1]")
_KITCHEN = ("Who leads the kitchen team?", "“Ross Tallow leads the kitchen team.” [1]")
_ARCHIVE = ("And who leads the archive team?", "“Mina Okafor leads the archive team.” [1]")
_LONDON = ("What is the fee for a stall in London?", "“In London the fee for a stall is 80 pounds a day.” [1]")
_ROWING = ("When does rowing take place?", "“Rowing takes place on Monday at six on the lake.” [1]")
_JUDO = ("and judo?", "“Judo takes place on Wednesday at seven in the old hall.” [1]")
_MUSEUM = ("How many visitors did the museum count in 2018?", "“In 2018 the museum counted 41,000 visitors.” [1]")
_JUPITER = ("How long is a day on Jupiter?", "“A day on Jupiter lasts 9.9 hours.” [1]")
_HOLM = ("When does the ferry to Holm leave?", "“The ferry to Holm leaves at 7:40 and carries 28 cars.” [1]")
_PARKING = ("How much does parking cost?", "“Parking costs 4 euros a day.” [1]")
_LEAVE = ("How many days of annual leave do staff get?", "“Staff get 27 days of annual leave.” [1]")
_BOILER = ("When was the boiler replaced?", "“The boiler was replaced in 2016 by the firm Nordvarme.” [1]")
_BRIDGE = ("Who built the Lantern bridge?", "“The Lantern bridge was built by Edda Rask between 1927 and 1931.” [1]")
_TUNNEL = ("Who built the Moss tunnel?", "“The Moss tunnel was built by Karl Vinter between 1961 and 1966.” [1]")
_BERGEN = ("Wie viel darf ein Hotel in Bergen kosten?", "„Hotels in Bergen dürfen bis zu 150 Euro kosten.“ [1]")
_TREATY = ("When was the Treaty of Varn signed?", "“The Treaty of Varn was signed in 1814 by King Aldric.” [1]")

FIRST = (
    # People.
    Talk(_HARBOUR, "To whom does she report?", "teams/harbour.md", "port director"),
    Talk(_KITCHEN, "Where has he worked?", "teams/kitchen.md", "Perth"),
    Talk((*_KITCHEN, *_ARCHIVE), "Since when has she worked there?", "teams/archive.md", "2020"),
    Talk((*_HARBOUR, *_ARCHIVE), "Who is her deputy?", "teams/archive.md", "Tunde Bello"),
    Talk((*_HARBOUR, *_KITCHEN), "and his deputy?", "teams/kitchen.md", "Jean Foy"),
    Talk(_BRIDGE, "When did she build it?", "bridge.md", "1927"),
    Talk(_TUNNEL, "When did he build it?", "tunnel.md", "1961"),
    Talk(("Where does Ida Brekke work?", "“She has worked in Molde since 2012.” [1]"), "Since when?",
         "teams/harbour.md", "2012"),
    Talk(("Where does Ida Brekke work?", "“She has worked in Molde since 2012.” [1]"), "Who does she report to?",
         "teams/harbour.md", "port director"),
    Talk((*_HARBOUR, "Who mends the roof?", _REFUSED), "Who is her deputy?", "teams/harbour.md", "Olav Sund"),
    # Another thing in the same place of the question.
    Talk(_LONDON, "and in Leeds?", "fees.md", "45 pounds"),
    Talk(_LONDON, "What about York?", "fees.md", "38 pounds"),
    Talk((*_LONDON, "and in Leeds?", "“In Leeds the fee for a stall is 45 pounds a day.” [1]"), "and York?",
         "fees.md", "38 pounds"),
    Talk(_LONDON, "And a licence?", "fees.md", "12 pounds"),
    Talk(_JUPITER, "I meant for Mars?", "planets.md", "24.6"),
    Talk(_JUPITER, "And on Venus?", "planets.md", "5,832"),
    Talk(_MUSEUM, "And in 2019?", "visitors.md", "52,500"),
    Talk(_MUSEUM, "how about 2020", "visitors.md", "9,300"),
    Talk(_HOLM, "And to Rona?", "ferries.md", "9:15"),
    Talk(_LEAVE, "and parental leave?", "leave.md", "26 weeks"),
    Talk(_ROWING, "and archery?", "sports.md", "Saturday"),
    Talk(_KITCHEN, "and the archive team?", "teams/archive.md", "Mina Okafor"),
    Talk(_BRIDGE, "And the Moss tunnel?", "tunnel.md", "Karl Vinter"),
    # Another question about the same thing.
    Talk((*_ROWING, *_JUDO), "where?", "sports.md", "old hall"),
    Talk((*_ROWING, *_JUDO), "Who is the coach?", "sports.md", "Samir Haddad"),
    Talk(_PARKING, "When is it closed?", "parking.md", "public holidays"),
    Talk((*_PARKING, "When is it closed?", "“It is closed on public holidays because the barrier has no guard.” [1]"),
         "why?", "parking.md", "no guard"),
    Talk(_HOLM, "How many cars does it carry?", "ferries.md", "28 cars"),
    Talk(_HOLM, "Where are tickets for it sold?", "ferries.md", "kiosk"),
    Talk(_BOILER, "By whom?", "heating.md", "Nordvarme"),
    Talk(_BOILER, "What does it burn?", "heating.md", "wood pellets"),
    Talk((*_BOILER, "What does it burn?", "“It burns wood pellets.” [1]"), "How often are they delivered?",
         "heating.md", "second week"),
    Talk(_BRIDGE, "How long is it?", "bridge.md", "412"),
    Talk((*_BRIDGE, *_TUNNEL), "How long is it?", "tunnel.md", "2,300"),
    Talk((*_BRIDGE, *_TUNNEL), "Why was it closed?", "tunnel.md", "water"),
    Talk((*_TUNNEL, "When did the moon landing happen?", _REFUSED), "Why was it closed?", "tunnel.md", "water"),
    Talk(_TREATY, "Who signed it?", "treaty.md", "Aldric"),
    Talk(_TREATY, "Where?", "treaty.md", "abbey"),
    Talk(_TREATY, "What did it give to the north?", "treaty.md", "Esk"),
    Talk(("Summarise the page about the Lantern bridge in two sentences.", "“It is 412 metres long.” [1]"),
         "Why was it closed?", "bridge.md", "storm"),
    # German.
    Talk(_BERGEN, "Und in Oslo?", "urlaub.md", "190 Euro"),
    Talk(_BERGEN, "Was ist mit Oslo?", "urlaub.md", "190 Euro"),
    Talk(("Wie hoch ist das Angebot für das Tagegeld?", "„Das Tagegeld beträgt 42 Euro.“ [1]"),
         "Wie lange gilt das?", "urlaub.md", "Ende Juni"),
    Talk(("Wer nimmt Anträge für Dienstreisen entgegen?", "„Anträge nimmt Frau Seidel in Zimmer 12 entgegen.“ [1]"),
         "Und wo?", "urlaub.md", "Zimmer 12"),
    # Whole questions.
    Talk(_PARKING, "Where do new staff collect their laptop?", "onboarding.md", "B2.14", whole=True),
    Talk(_PARKING, "How long is the badge of new staff valid?", "onboarding.md", "three years", whole=True),
    Talk(_BRIDGE, "How many moons has Mars?", "planets.md", "two moons", whole=True),
    Talk(_HARBOUR, "When does judo take place?", "sports.md", "Wednesday", whole=True),
    Talk(_LONDON, "What does the boiler burn now that it was replaced?", "heating.md", "wood pellets", whole=True),
    Talk(_LEAVE, "How long is the Lantern bridge?", "bridge.md", "412", whole=True),
    Talk(_ROWING, "Who signed the Treaty of Varn?", "treaty.md", "Aldric", whole=True),
    Talk(_KITCHEN, "How many visitors did the museum count in 2019?", "visitors.md", "52,500", whole=True),
    Talk(_HOLM, "Is there a fee for a stall in York?", "fees.md", "38 pounds", whole=True),
    Talk(_TREATY, "What happened to the Lantern bridge and its piers in 1952?", "bridge.md", "two piers", whole=True),
    Talk(_JUPITER, "How many spaces are there in the car park of the office?", "parking.md", "140", whole=True),
    Talk(_MUSEUM, "Do staff lose days of leave that they have not used?", "leave.md", "lapse", whole=True),
    Talk(_BERGEN, "Wie hoch ist das Tagegeld?", "urlaub.md", "42 Euro", whole=True),
    Talk(_BERGEN, "Wo werden die Anträge für Dienstreisen abgegeben?", "urlaub.md", "Zimmer 12", whole=True),
    Talk(_ARCHIVE, "Does the ferry to Rona carry more cars than the one to Holm?", "ferries.md", "60 cars", whole=True),
    Talk(_TUNNEL, "Which firm replaced the boiler?", "heating.md", "Nordvarme", whole=True),
)  # fmt: skip

SECOND: tuple[Talk, ...] = ()
