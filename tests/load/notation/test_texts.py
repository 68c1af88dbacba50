"""reStructuredText, Org and TeX without their marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.load.builder import Builder
from rag.load.file import File
from rag.load.limits import Limits
from rag.load.markup.html import read_html
from rag.load.notation.formats import TexReader
from rag.load.notation.org import org_html
from rag.load.notation.rst import rst_html
from rag.load.notation.tex import tex_html
from tests.load.markup.reading import blocks_of
from tests.processor_time import at_most

Writer = Callable[[str, Builder], str]
WRITERS: list[Writer] = [rst_html, org_html, tex_html]


def lines(write: Writer, text: str, builder: Builder | None = None) -> list[str]:
    builder = builder or Builder()
    read_html(write(text, builder), builder)
    return [words for _, words in blocks_of(builder)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\n=\n\nb *c* ``d`` :sup:`2`\n", ["A", "b c d [2]"]),
        ("10\\ :sup:`6` and CO\\ :sub:`2`", ["10⁶ and CO₂"]),
        ("`a <b>`_ :ref:`c <d>` e_ snake_case |f|\n\n.. |f| replace:: g", ["a c e snake_case g"]),
        ("x [#n]_ y [2]_\n\n.. [#n] one\n.. [2] two", ["x [1] y [2]", "[1] one", "[2] two"]),
        ("#. a\n#. b\n\n   * c", ["1. a", "2. b", "c"]),
        ("Term\n  Value.\n\n:Field: x", ["Term: Value.", "Field: x"]),
        (".. toctree::\n   :caption: c\n\n   a: b </d>\n   e/f", ["c", "a: b"]),
        (".. header:: a\n.. only:: html\n\n   b\n.. unknown:: c\n   :o: no\n\n   d", ["a", "b", "c", "d"]),
        (".. note:: a\n.. image:: p.png\n   :alt: b\n.. comment", ["Note: a", "b"]),
        ("x::\n\n  y\n   z\n\nw", ["x:", "y\n z", "w"]),
        ("+---+---+\n| A | B |\n+===+===+\n| 1 | 2 |\n+---+---+", ["A: 1; B: 2"]),
        ("== ==\nA  B\n== ==\n1  2\n== ==", ["A: 1; B: 2"]),
    ],
)
def test_rst(text: str, expected: list[str]) -> None:
    assert lines(rst_html, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#+TITLE: T\n* TODO [#A] A :x:\n:P:\n:k: v\n:END:\nb /c/ =d= +e+", ["T", "TODO A", "b c d [struck out: e]"]),
        ("[[u][a]] x[fn:1]\n\n[fn:1] y", ["a x [1]", "[1] y"]),
        ("- [X] a\n- [ ] b\n  1. c\n- d :: e", ["☒ a", "☐ b", "1. c", "d: e"]),
        ("| A | B |\n|---+---|\n| 1 | 2 |\n#+TBLFM: x", ["A: 1; B: 2"]),
        ("#+begin_src c\n  x\n   y\n#+end_src\n# no\n* COMMENT no\nno\n* A", ["x\n y", "A"]),
        ("$x^2$ and 2^{3}, CO_2, a/b/c", ["x² and 2³, CO₂, a/b/c"]),
    ],
)
def test_org(text: str, expected: list[str]) -> None:
    assert lines(org_html, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\section{A} b \emph{c}~d --- ``e'' % f", ["A", "b c d — “e”"]),
        (r"M\"uller, Stra{\ss}e, \'etude, \c{c}a, 5\,\%", ["Müller, Straße, étude, ça, 5 %"]),
        (r"$\frac{a+1}{2} \leq 3 \times 10^{-2}$", ["(a + 1)/2 ≤ 3 × 10⁻²"]),
        (r"x\footnote{y \textbf{z}} w", ["x [1] w", "[1] y z"]),
        (r"x\footnotetext[3]{y} w\footnotetext{z}", ["x w", "[3] y", "z"]),
        (r"\newcommand{\a}[1]{<#1>}\a{b}", ["<b>"]),
        (r"\newcommand{\a}{\a\a}\a b", ["b"]),
        (r"\begin{enumerate}\item a\begin{itemize}\item b\end{itemize}\item c\end{enumerate}", ["1. a", "b", "2. c"]),
        (r"\begin{tabular}{ll}A & B \\ \hline 1 & 2 \\ 3 & 4\end{tabular}", ["A: 1; B: 2", "A: 3; B: 4"]),
        (r"\begin{verbatim}\x % y\end{verbatim} \verb|\z|", ["\\x % y", "\\z"]),
        (r"\section{A}\label{s} see \ref{s} and \cite{k}", ["A", "see 1 and [k]"]),
        (r"\SI{4}{\metre\per\second} \sout{5} H\textsubscript{2}O", ["4 m/s [struck out: 5] H₂O"]),
        (r"no\begin{document}a\end{document}no", ["a"]),
    ],
)
def test_tex(text: str, expected: list[str]) -> None:
    assert lines(tex_html, text) == expected


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (rst_html, ".. include:: a.txt"),
        (rst_html, ".. automodule:: a.txt"),
        (rst_html, ".. argparse::\n   :module: a.txt"),
        (org_html, '#+INCLUDE: "a.txt"'),
        (tex_html, r"\input{a.txt}"),
    ],
)
def test_a_file_that_is_taken_in_is_named(write: Writer, text: str) -> None:
    builder = Builder()
    lines(write, text, builder)
    assert [(warning.code, warning.values) for warning in builder.warnings] == [
        ("reading-other-files", {"names": ["a.txt"]})
    ]


MACROS = "".join(f"\\def\\step{letter}#1{{\\hskip 1em plus 2em minus 3em width #1}}\n" for letter in "abcdefgh")


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        (MACROS, "text/x-source"),
        (r"\def\a{It is the first of all steps}\let\b=\a \ifx\a\b\a\else\b\fi " * 9, "text/x-source"),
        (MACROS + r"\def\part{\chapter{The file that is made of this}}", "text/x-source"),
        ("\\begin{document}It is open.\\end{document}" + MACROS, "text/x-tex"),
        (MACROS + "The lock was built in 1790, of oak and stone. " * 60, "text/x-tex"),
        ("The lock was \\emph{built} in 1790.", "text/x-tex"),
    ],
)
def test_a_package_of_macros_is_code(text: str, media_type: str) -> None:
    document = TexReader().read(File(text.encode(), "a.tex", Limits()))
    assert document.media_type == media_type
    if media_type == "text/x-source":
        assert document.text == text


def test_pictures_of_tex_are_counted() -> None:
    builder = Builder()
    lines(tex_html, r"a\includegraphics{p}\begin{tikzpicture}x\end{tikzpicture}", builder)
    assert builder.warnings[0].values == {"count": 2}


_SIGNS = st.lists(
    st.sampled_from([*list("*|+-=_`[]{}\\$&:.<>#/ \n\n1aé"), "\\begin{tabular}", "\\end{tabular}", ".. a::", "  "])
)


@pytest.mark.parametrize("write", WRITERS)
@settings(max_examples=150, deadline=None)
@given(parts=_SIGNS)
def test_any_text_is_read_with_exact_spans(write: Writer, parts: list[str]) -> None:
    lines(write, "".join(parts))


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    "sign", [*list("*|[]{}`\\$<_/=+:&#-."), "* a\n", "\\a{", "\\(", ".. ", "[fn:", "<<", "|a", ":a:\n", "\\begin{a}"]
)
def test_repeated_marks_take_linear_time(write: Writer, sign: str) -> None:
    with at_most(3):
        write(sign * 10_000, Builder())
