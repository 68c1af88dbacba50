# ruff: noqa: E501
"""Conversations for ``followups``: small documents that repeat each other's words, and what is asked about them.

The documents are invented, so that no model knows them. ``FIRST`` was written before the rule that makes follow-ups
stand alone was changed, ``SECOND`` after, with articles of SQuAD 2.0 among the documents; figures are reported on
``SECOND``.
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

_CHAO = ("What was the paper money of the Yuan made from?", "“Chao were made from the bark of mulberry trees.” [1]")
_BAYLE = (
    "Who was a prominent Huguenot refugee in the Netherlands?",
    "“One of the most prominent Huguenot refugees in the Netherlands was Pierre Bayle.” [1]",
)
_YERSIN = (
    "Who was Yersinia pestis named after?",
    "“The French-Swiss bacteriologist Alexandre Yersin, after whom the pathogen was named.” [1]",
)
_BUYANTU = ("Who was the fourth Yuan emperor?", "“The fourth Yuan emperor, Buyantu Khan, was a competent emperor.” [1]")
_RANKINE = (
    "What is the thermodynamic basis of the steam engine?",
    "“The Rankine cycle is the fundamental thermodynamic underpinning of the steam engine.” [1]",
)
_GLACIAL = ("When did the last glacial start at the Rhine?", "“The last glacial ran from 74,000 BP.” [1]")
_DATANET = ("Who operated Datanet 1?", "“Datanet 1 was operated by the Dutch PTT Telecom.” [1]")
_MERIT = ("When was Merit Network formed?", "“Merit Network, Inc. was formed in 1966.” [1]")
_WASHINGTON = (
    "Who invited Washington to dine with him?",
    "“Jacques Legardeur de Saint-Pierre invited Washington to dine with him.” [1]",
)
_CANTERBURY = ("Where did Huguenots and Walloons settle in England?", "“They settled in Canterbury.” [1]")
_FOSSILS = ("Why are ctenophores rare as fossils?", "“Because of their soft, gelatinous bodies.” [1]")

SECOND = (
    # People.
    Talk(_ARCHIVE, "Who's her deputy?", "teams/archive.md", "Tunde Bello"),
    Talk(_HARBOUR, "How long has she been in Molde?", "teams/harbour.md", "2012"),
    Talk(_KITCHEN, "who does he report to", "teams/kitchen.md", "head of services"),
    Talk((*_KITCHEN, "And the harbour team?", "“Ida Brekke leads the harbour team.” [1]"), "And where does she work?",
         "teams/harbour.md", "Molde"),
    Talk((*_ARCHIVE, "thanks!", "You are welcome."), "And to whom does she report?", "teams/archive.md", "librarian"),
    Talk((*_HARBOUR, *_KITCHEN, "What colour is his car?", _REFUSED), "Who is his deputy?", "teams/kitchen.md",
         "Jean Foy"),
    Talk(("Who is the judo coach?", "“The judo coach is Samir Haddad.” [1]"), "And for rowing?", "sports.md",
         "Petra Lind"),
    Talk(_BAYLE, "Where did he start teaching?", "Huguenot.md", "Rotterdam"),
    Talk(_BAYLE, "What did he finish writing there?", "Huguenot.md", "Critical Dictionary"),
    Talk(_YERSIN, "Which place did he visit in 1894?", "Black_Death.md", "Hong Kong"),
    Talk(_BUYANTU, "Who had mentored him?", "Yuan_dynasty.md", "Li Meng"),
    Talk(_BUYANTU, "Which department did he liquidate?", "Yuan_dynasty.md", "Department of State Affairs"),
    Talk(_WASHINGTON, "Whom did he succeed as commander?", "French_and_Indian_War.md", "Marin"),
    # Another thing in the same place of the question.
    Talk(_LONDON, "leeds?", "fees.md", "45 pounds"),
    Talk(_LONDON, "And what about Leeds?", "fees.md", "45 pounds"),
    Talk(("How much is a licence in London?", "“A licence costs 12 pounds in London and 9 pounds in York.” [1]"),
         "And a parking space in Leeds?", "fees.md", "6 pounds"),
    Talk(("How many moons has Venus?", "“Venus has no moon.” [1]"), "Mars?", "planets.md", "two moons"),
    Talk(_JUPITER, "Sorry, I meant Venus.", "planets.md", "5,832"),
    Talk(_MUSEUM, "2020?", "visitors.md", "9,300"),
    Talk((*_MUSEUM, "And in 2019?", "“In 2019 the museum counted 52,500 visitors.” [1]"), "and 2020?", "visitors.md",
         "9,300"),
    Talk(_HOLM, "And the ferry to Rona?", "ferries.md", "9:15"),
    Talk(("How long is the Lantern bridge?", "“It is 412 metres long.” [1]"), "What about the Moss tunnel?",
         "tunnel.md", "2,300"),
    Talk(("Why was the Lantern bridge closed?", "“It was closed in 1952 because a storm had broken two piers.” [1]"),
         "and the Moss tunnel?", "tunnel.md", "water"),
    Talk(_LEAVE, "How about parental leave?", "leave.md", "26 weeks"),
    Talk(_JUDO[:0] + _ROWING, "And what about judo and archery?", "sports.md", "Judo"),
    Talk(_HARBOUR, "And of the kitchen team?", "teams/kitchen.md", "Ross Tallow"),
    # Another question about the same thing.
    Talk(_MUSEUM, "When did it open?", "visitors.md", "1904"),
    Talk(_MUSEUM, "And where was that?", "visitors.md", "customs house"),
    Talk(("When do new staff get their badge?", "“They get their badge at the front desk.” [1]"),
         "How long is it valid?", "onboarding.md", "three years"),
    Talk(_PARKING, "And how many spaces are there?", "parking.md", "140"),
    Talk(_HOLM, "Where can I buy tickets for it?", "ferries.md", "kiosk"),
    Talk(_TUNNEL, "how long?", "tunnel.md", "2,300"),
    Talk(_TUNNEL, "When exactly?", "tunnel.md", "1961"),
    Talk((*_TREATY, "What is the capital of Peru?", _REFUSED), "Who signed it?", "treaty.md", "Aldric"),
    Talk((*_BOILER, "And what does it burn now?", "“It burns wood pellets.” [1]"), "And before that?", "heating.md",
         "oil"),
    Talk(_CHAO, "When were bronze plates used for it?", "Yuan_dynasty.md", "1275"),
    Talk(_RANKINE, "What happens to the waste heat in it?", "Steam_engine.md", "condenser"),
    Talk(_GLACIAL, "And when did it end?", "Rhine.md", "11,600"),
    Talk(_GLACIAL, "Which way did the river flow then?", "Rhine.md", "roughly west"),
    Talk(_DATANET, "Was the use of this name correct?", "Packet_switching.md", "incorrect"),
    Talk(_MERIT, "Why?", "Packet_switching.md", "to help the state"),
    Talk(_MERIT, "Who supported it initially?", "Packet_switching.md", "National Science Foundation"),
    Talk(_CANTERBURY, "Which house there was a weaving school?", "Huguenot.md", "The Weavers"),
    Talk(_FOSSILS, "How many species of them were found in the Burgess Shale?", "Ctenophora.md", "Three additional"),
    # German.
    Talk(_BERGEN, "und Oslo?", "urlaub.md", "190 Euro"),
    Talk(_BERGEN, "Und wie hoch ist das Tagegeld dort?", "urlaub.md", "42 Euro"),
    Talk(("Wer nimmt Anträge für Dienstreisen entgegen?", "„Anträge nimmt Frau Seidel in Zimmer 12 entgegen.“ [1]"),
         "Wo ist das?", "urlaub.md", "Zimmer 12"),
    # Whole questions.
    Talk(_CHAO, "Where do new staff get their badge?", "onboarding.md", "front desk", whole=True),
    Talk(_BAYLE, "Who is the judo coach?", "sports.md", "Samir Haddad", whole=True),
    Talk(_PARKING, "Does the boiler burn oil or wood pellets?", "heating.md", "pellets", whole=True),
    Talk(_HOLM, "How many metres long is the Moss tunnel?", "tunnel.md", "2,300", whole=True),
    Talk(_LEAVE, "Which days is the car park closed on?", "parking.md", "public holidays", whole=True),
    Talk(_HARBOUR, "How much does a licence cost in York?", "fees.md", "9 pounds", whole=True),
    Talk(_JUPITER, "Who was the deputy of Ross Tallow?", "teams/kitchen.md", "Jean Foy", whole=True),
    Talk(_BUYANTU, "Why was the Lantern bridge closed after the storm had broken its piers?", "bridge.md", "1952",
         whole=True),
    Talk(_TREATY, "When does the ferry to Rona leave?", "ferries.md", "9:15", whole=True),
    Talk(_RANKINE, "Where did the Treaty of Varn get its signatures?", "treaty.md", "abbey", whole=True),
    Talk(_DATANET, "Is it possible to park at the office on public holidays?", "parking.md", "public holidays",
         whole=True),
    Talk(_MERIT, "Parental leave lasts how many weeks?", "leave.md", "26 weeks", whole=True),
    Talk(_BOILER, "What was the paper money of the Yuan made from?", "Yuan_dynasty.md", "mulberry", whole=True),
    Talk(_LONDON, "How many visitors were there in the museum in 2018?", "visitors.md", "41,000", whole=True),
    Talk(_BERGEN, "Bis wann gilt das Angebot?", "urlaub.md", "Juni", whole=True),
    Talk(_GLACIAL, "And who leads the archive team?", "teams/archive.md", "Mina Okafor", whole=True),
)  # fmt: skip
