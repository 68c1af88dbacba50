"""Messages and mailboxes: which parts are read, in which order, and what is said of the rest."""

from __future__ import annotations

import base64
import struct
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import LoadError, SkipFile
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.load.mail.calendar import events
from rag.load.mail.flowed import unflowed
from rag.load.mail.headers import day, header
from rag.load.mail.mbox import messages
from rag.load.mail.message import mail_of_bytes
from rag.load.mail.rtf_body import unpacked
from rag.load.mail.types import Attachment, Mail, PlainText
from rag.load.mail.unsaid import is_said, lacks_words, runs_of
from rag.load.parse import parse
from rag.load.sniff import sniff
from rag.types import Document
from tests.load.outlook import Attached, Outlook, outlook_bytes
from tests.load.test_text import check
from tests.processor_time import at_most

LIMITS = Limits()


def read(data: bytes, name: str = "a.eml") -> Document:
    document = parse(data, name, sniff(data, name), LIMITS)
    check(document.text, document.blocks)
    for table in document.tables:
        assert all(document.text[cell.start : cell.end].strip() for cell in table.cells)
    return document


def words(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def with_parts(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return b"Subject: S\nContent-Type: multipart/" + kind + b"; boundary=b\n\n" + body + b"--b--\n"


def attached(name: str, data: bytes) -> bytes:
    kind = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
    return kind + f'Content-Disposition: attachment; filename="{name}"\n\n'.encode() + base64.b64encode(data)


def test_all_text_parts_are_read_in_order() -> None:
    document = read(with_parts(b"Content-Type: text/plain\n\none", attached("a.txt", b"two"), b"\nthree"))
    assert words(document) == ["S", "Subject: S", "one", "three", "Attachments: a.txt", "a.txt", "two"]


def test_a_multipart_without_parts_is_text() -> None:
    assert words(read(b"Subject: S\nContent-Type: multipart/mixed\n\nwords"))[-1] == "words"


def test_a_forwarded_message_has_its_headers_and_a_deeper_heading() -> None:
    inner = b"Content-Type: message/rfc822\n\nSubject: In\nFrom: a@b.example\nDate: 2 May 2024 10:00 +0000\n\ninner"
    document = read(with_parts(b"\nouter", inner))
    assert words(document)[2:] == [
        "outer",
        "In",
        "Subject: In",
        "From: a@b.example",
        "Date: 2 May 2024 10:00 +0000",
        "inner",
    ]
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2]


def test_messages_forwarded_too_deeply_are_warned_of() -> None:
    data = b"Subject: bottom\n\nbottom"
    for depth in range(10):
        data = f"Subject: at {depth}\nContent-Type: message/rfc822\n\n".encode() + data
    document = read(data)
    assert [warning.code for warning in document.warnings] == ["reading-forwarded"]
    assert "at 1" in document.text
    assert "bottom" not in document.text


def test_attached_messages_count_as_forwarded() -> None:
    data = b"Subject: bottom\n\nbottom"
    for _ in range(12):
        data = b"Subject: S\nContent-Type: application/octet-stream; name=a.eml\n\n" + data
    assert [warning.code for warning in read(data).warnings] == ["reading-forwarded"]


def test_attachments_are_read_in_place_or_named() -> None:
    table = b"Item,Price\nLamp,40\nRope,12\n"
    document = read(
        with_parts(attached("a.csv", table), attached("b.bin", bytes(range(32))), attached("../c.md", b"# C"))
    )
    assert "Attachments: a.csv, b.bin, c.md" in document.text
    assert "Item: Lamp; Price: 40" in document.text
    headers, cells = [table.cells for table in document.tables]
    assert [document.text[cell.start : cell.end] for cell in headers] == ["Subject", "S"]
    assert [document.text[cell.start : cell.end] for cell in cells] == ["Lamp", "40", "Rope", "12"]
    (warning,) = document.warnings
    assert (warning.code, warning.values) == ("reading-attachments", {"names": ["b.bin"]})
    assert "b.bin" in warning.text("de")


def test_an_attachment_that_would_be_too_long_is_named_only() -> None:
    data = with_parts(b"\nshort", attached("long.txt", b"x " * 2000))
    document = parse(data, "a.eml", "mail", Limits(max_text_mb=0.002))
    assert [warning.code for warning in document.warnings] == ["reading-attachments"]
    assert "short" in document.text


@pytest.mark.parametrize(
    ("plain", "page", "expected"),
    [
        ("Your client cannot show HTML.", "The shop opens at ten.", True),
        ("*The shop* opens at ten. Bye", "The shop opens at ten.", False),
        ("The price is below.", "The price is below. Lantern: 41.50", True),
        ("", "words", True),
        ("words", "", False),
        ("川沿いの道は三月まで\n通れません。", "川沿いの道は三月まで通れません。", False),
        ("表示できません", "川沿いの道は三月まで通れません。", True),
    ],
)
def test_a_plain_text_may_lack_words_of_the_page(plain: str, page: str, expected: bool) -> None:
    assert lacks_words(plain, page) == expected


def alternatives(plain: str, page: str) -> bytes:
    return with_parts(
        b"Content-Type: text/plain; charset=utf-8\n\n" + plain.encode(),
        b"Content-Type: text/html; charset=utf-8\n\n" + page.encode(),
        kind=b"alternative",
    )


def test_no_word_of_alternatives_is_lost() -> None:
    order = "Thank you.\n\nThe details are below. See https://a.example/x [1]\n\nReply to this mail to change it."
    table = "<table><tr><th>Item<th>Price<tr><td>Lamp<td>40<tr><td>Rope<td>12</table>"
    page = f"<p>Thank you.<p>The details are below. See our site.{table}<p>Delivery on 9 May."
    assert words(read(alternatives(order, page)))[2:] == [
        "Thank you.",
        "The details are below. See our site.",
        "Item: Lamp; Price: 40",
        "Item: Rope; Price: 12",
        "Delivery on 9 May.",
        "Reply to this mail to change it.",
    ]


def test_a_short_plain_text_with_a_number_is_no_stub() -> None:
    page = "<p>The lamp is green, and turns once."
    assert words(read(alternatives("The fee is 40.", page)))[2:] == [
        "The lamp is green, and turns once.",
        "The fee is 40.",
    ]
    assert words(read(alternatives("See it in a browser.", page)))[2:] == ["The lamp is green, and turns once."]


def test_a_plain_text_that_says_all_is_read_as_it_is() -> None:
    assert words(read(alternatives("> Is it open?\nYes.", "<p>Is it<p>open? Yes.")))[2:] == ["> Is it open?\nYes."]


def invitation(text: str) -> bytes:
    return with_parts(
        b"Content-Type: text/plain\n\n" + text.encode(),
        b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Weir\n"
        b"DESCRIPTION:Agenda: decide on the new railing\\; bring the survey.\n"
        b"ATTENDEE;CN=Bob Ray:mailto:b@b.example\nATTENDEE:mailto:c@b.example\nEND:VEVENT\nEND:VCALENDAR",
    )


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Invitation attached.", True),
        ("The new survey: bring the agenda; decide on railing.", True),
        ("Hello.\nAgenda: decide on the new\nrailing; bring the survey.\n", False),
    ],
)
def test_what_is_said_of_an_event_is_told_once(text: str, is_told: bool) -> None:
    document = read(invitation(text))
    assert "Attendees: Bob Ray, c@b.example" in document.text
    assert ("Agenda: decide on the new railing; bring the survey." in words(document)) == is_told


def test_further_words_are_told_in_linear_time() -> None:
    with at_most(10):
        text = "a b c\n\n" * 60_000
        assert is_said(text, runs_of(text))
        assert "Delivery" in read(alternatives(text, "<p>Delivery")).text


def test_what_is_attached_within_an_alternative_stays() -> None:
    message = EmailMessage()
    message["Subject"] = "S"
    message.set_content("Plain words of the message.\n")
    message.add_alternative("<p>Plain words of the message.</p>", subtype="html")
    page = message.get_payload()[1]
    page.make_mixed()
    page.add_attachment(b"inside", maintype="text", subtype="plain", filename="in.txt")
    assert words(read(message.as_bytes()))[2:] == [
        "Plain words of the message.",
        "Attachments: in.txt",
        "in.txt",
        "inside",
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?q?F=C3=A4sser?=", "Fässer"),
        (b"=?utf-8?b?RsOk?= =?utf-8?b?c3Nlcg==?=", "Fässer"),
        (b"=?utf-8?b?Rs==?=\n =?utf-8?q?_x?= y", "F x y"),
        (b"=?utf-8?q?F=C3?= =?utf-8?q?=A4sser?=", "Fässer"),
        (b"=?gb2312?b?" + base64.b64encode("镕先生".encode("gbk")) + b"?=", "镕先生"),
        (b"=?nonsense?q?caf=E9?=", "café"),
        ("Fässer".encode(), "Fässer"),
        ("Fässer, übermorgen".encode("latin-1"), "Fässer, übermorgen"),
        (b"=?utf-8*de?q?gut?=", "gut"),
        (b"a =? b", "a =? b"),
    ],
)
def test_headers(raw: bytes, expected: str) -> None:
    import email

    assert header(email.message_from_bytes(b"Subject: " + raw + b"\n\n"), "subject") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 4 Mar 2024 23:30:00 -0800", "2024-03-04"),
        ("Mon, 31 Feb 2024 10:00:00 +0000", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_day(value: str, expected: str) -> None:
    assert day(value) == expected


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (b"attachment; filename=a.bin", "a.bin"),
        (b"attachment; filename*=utf-8''T%C3%BCr.bin", "Tür.bin"),
        (b"attachment; filename*0*=utf-8''T%C3%BC; filename*1=r.bin", "Tür.bin"),
        (b'attachment; filename="=?utf-8?q?T=C3=BCr.bin?="', "Tür.bin"),
        (b'attachment; filename="C:\\\\x\\\\a.bin"', "a.bin"),
    ],
)
def test_names_of_attachments(disposition: bytes, expected: str) -> None:
    mail = mail_of_bytes(b"Content-Type: image/png\nContent-Disposition: " + disposition + b"\n\nx")
    assert mail.parts == (Attachment(expected, b"x"),)


def test_flowed_lines_are_joined() -> None:
    text = "one \ntwo\n\n>quoted \n> more\n>> deeper \nout \n-- \nname\n stuffed"
    assert unflowed(text, deletes_space=False) == "one two\n\n> quoted more\n>> deeper \nout \n-- \nname\nstuffed"
    assert unflowed("三 \n月", deletes_space=True) == "三月"


@given(st.text(alphabet="a >-\n", max_size=60), st.booleans())
def test_flowed_keeps_every_word(text: str, deletes_space: bool) -> None:
    joined = unflowed(text, deletes_space)
    assert joined.count("a") == text.count("a")
    assert joined.count("\n") <= text.count("\n")


def test_events() -> None:
    text = (
        'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;X="a:b":Roof\\, north\n  side\n'
        "DTSTART;TZID=Europe/Oslo:20240506T100000\n"
        "DTEND:20240506T093000Z\nBEGIN:VALARM\nSUMMARY:no\nEND:VALARM\nORGANIZER:mailto:a@b.example\nEND:VEVENT\n"
        "BEGIN:VTODO\nDUE;VALUE=DATE:20240601\nDESCRIPTION:x\\ny\nEND:VTODO\nBEGIN:VEVENT\nSUMMARY:open"
    )
    event, task = events(text)
    assert event.values == (
        ("Summary", "Roof, north side"),
        ("Start", "2024-05-06 10:00 Europe/Oslo"),
        ("End", "2024-05-06 09:30 UTC"),
        ("Organizer", "a@b.example"),
    )
    assert (task.values, task.description) == ((("Due", "2024-06-01"),), "x\ny")


def test_a_mailbox_is_cut_at_its_lines_and_nowhere_else() -> None:
    data = (
        b"From a@b.example Mon Mar  4 10:00:00 2024\nSubject: One\n\nFrom here on, at 10:00 in 2024\nit is dark.\n\n"
        b">From now\n>>From then\n\nFrom - Tue Mar  5 10:00:00 2024\r\nSubject: Two\r\n\r\nEnd."
    )
    one, two = (message.data for message in messages(data))
    assert one.endswith(b"From here on, at 10:00 in 2024\nit is dark.\n\nFrom now\n>From then\n\n")
    assert two == b"Subject: Two\r\n\r\nEnd."
    document = read(data, "a.mbox")
    assert document.title == "a"
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 1]


def test_a_mailbox_with_other_text_before_loses_nothing() -> None:
    box = b"loose\n\nFrom a Mon Mar  4 10:00:00 2024\nA: b\n\nx"
    assert list(messages(box)) == [(b"loose\n\n", ""), (b"A: b\n\nx", "2024-03-04")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"From a@b.example Mon Mar  4 10:00:00 2024", "2024-03-04"),
        (b"From a Tue Mar 12 10:00 CET 2024", "2024-03-12"),
        (b"From a Tue Mar 12 10:00:00 +0100 2024", "2024-03-12"),
        (b"From a Tue Mar 52 10:00:00 2024", ""),
        (b"From a 10:00", ""),
    ],
)
def test_a_message_in_a_mailbox_without_a_date_has_that_of_its_line(line: bytes, expected: str) -> None:
    assert read(line + b"\nSubject: S\n\nx", "a.mbox").date == expected
    dated = read(line + b"\nSubject: S\nDate: Sun, 1 Dec 2024 10:00:00 +0000\n\nx", "a.mbox")
    assert dated.date == "2024-12-01"


@pytest.mark.parametrize("line", [b"", b"From a Mon Mar  4 10:00:00 2024\n"])
def test_a_message_with_raw_bytes_is_read(line: bytes) -> None:
    kind = b'Content-Type: application/octet-stream; name="a.bin"\nContent-Transfer-Encoding: binary\n\n'
    data = line + with_parts(b"Content-Type: text/plain\n\nIt is open.", kind + bytes(range(256)) * 40)
    document = read(data, "a.mbox" if line else "a.eml")
    assert "It is open." in document.text
    assert [warning.values for warning in document.warnings] == [{"names": ["a.bin"]}]


def test_raw_bytes_under_the_name_of_a_message_are_none() -> None:
    with pytest.raises(SkipFile):
        sniff(bytes(range(256)) * 8 + b"\nSubject: S\n", "a.eml")


@pytest.mark.parametrize("name", ["Content-Type: text/plain;", "Content-Disposition: attachment;", "Subject:"])
@pytest.mark.parametrize("piece", [" a*0*=b;", ' a="b', " =?u?q?", " ("])
def test_long_headers_take_linear_time(name: str, piece: str) -> None:
    with at_most(3):
        mail_of_bytes((name + piece * 200_000 + "\n\nx").encode())


def test_a_large_mailbox_is_read_in_linear_time() -> None:
    with at_most(5):
        document = read(b"From a Mon Mar  4 10:00:00 2024\nSubject: a\n\n" + b"From x\n" * 300_000, "a.mbox")
        assert document.text.count("From x") == 300_000


def outlook(**more: object) -> bytes:
    attachments = more.pop("attachments", ())
    return outlook_bytes(
        Outlook({0x0037: "Lamp", **{int(key[1:], 16): value for key, value in more.items()}}, attachments)
    )  # type: ignore[arg-type,dict-item]


def test_outlook_bodies() -> None:
    assert words(read(outlook(x1000="Green."), "a.msg"))[-1] == "Green."
    assert words(read(outlook(x1013=b"<p>Gr\xfcn.</p>", x3FDE=1252), "a.msg"))[-1] == "Grün."
    both = read(outlook(x1000="See it in a browser.", x1013=b"<p>The lamp is green, and turns.</p>"), "a.msg")
    assert words(both)[-1] == "The lamp is green, and turns."
    rtf = b"{\\rtf1\\ansi The lamp is gr\\'fcn.\\par}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    assert words(read(outlook(x1009=packed), "a.msg"))[-1] == "The lamp is grün."


def test_outlook_headers_that_came_with_the_message_are_shown() -> None:
    came = "From: =?utf-8?q?T=C3=BCrmer?= <t@b.example>\nTo: x@b.example\nDate: Mon, 4 Mar 2024 10:00:00 +0000\n"
    document = read(outlook(x1000="x", x007D=came), "a.msg")
    assert "From: Türmer <t@b.example>\nTo: x@b.example" in document.text
    assert (document.title, document.date) == ("Lamp", "2024-03-04")


def test_outlook_attachments() -> None:
    inner = Outlook({0x0037: "Chart", 0x1000: "Nine fathoms."})
    data = outlook(x1000="Below.", attachments=[Attached("a.txt", b"high water"), Attached("Chart", inner)])
    document = read(data, "a.msg")
    chart = ["Chart", "Subject: Chart", "Nine fathoms."]
    assert words(document)[2:] == ["Below.", *chart, "Attachments: a.txt", "a.txt", "high water"]


def test_a_damaged_outlook_message_is_refused_in_a_sentence() -> None:
    data = outlook(x1000="x")
    for damaged in (data[:600], data[:512] + bytes(len(data) - 512), data[:-500]):
        with pytest.raises(LoadError):
            read(damaged, "a.msg")


def test_packed_rtf_is_unpacked() -> None:
    # The example of the specification (MS-OXRTFCP 3.1.1).
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_packed_bytes_are_unpacked(data: bytes) -> None:
    packed = struct.pack("<IIII", 0, 10_000, 0x75465A4C, 0) + data
    assert len(unpacked(packed)) <= 9 * len(packed)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    b"Content-Type: multipart/mixed; boundary=b\n",
                    b"Content-Type: message/rfc822\n",
                    b"--b\n",
                    b"--b--\n",
                ),
                *(
                    b"Content-Type: text/calendar\n",
                    b"BEGIN:VEVENT\n",
                    b"SUMMARY:x\n",
                    b"END:VEVENT\n",
                    b"\n",
                    b"words \n",
                ),
                *(b"Content-Type: text/html\n", b"<p>page\n", b"Content-Type: multipart/alternative; boundary=b\n"),
                *(b"Subject: =?utf-8?b?RsOk?=\n", b"Content-Transfer-Encoding: base64\n", b"\xff\xfe\x00\n"),
                b"Content-Disposition: attachment; filename=a.eml\n",
            ]
        ),
        max_size=25,
    )
)
def test_any_message_is_read_or_refused(lines: list[bytes]) -> None:
    data = b"Subject: S\n" + b"".join(lines)
    try:
        document = parse(data, "a.eml", "mail", LIMITS)
    except LoadError:
        return
    check(document.text, document.blocks)


def test_a_message_written_from_parts() -> None:
    from rag.load.mail.write import MailWriter

    builder = Builder()
    writer = MailWriter(builder, LIMITS)
    writer.add(Mail("", {"From": "a@b.example"}, "", (PlainText("x"),)), in_mailbox=True)
    writer.close()
    assert [block.kind for block in builder.blocks] == ["heading", "paragraph"]
