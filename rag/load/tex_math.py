r"""Read the formulas of TeX as a line of text: ``\frac{a+b}{2}`` is "(a + b)/2".

Owns: the commands of mathematics and the signs they stand for. Knows nothing about documents, or about spaces and
brackets on a line. Pure; it takes linear time, and nothing is defined or run.
"""

from __future__ import annotations

import re

from rag.load.linear import Piece, joined, over, piece, root, scripted

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\d(?:[\d.,]{0,40}\d)?|\s+|.", re.S)
_LARGEST_DEPTH = 40
_NAMES_AND_SIGNS = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ"
    " mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ"
    " omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"
    " times × cdot · div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ cup ∪ cap ∩ setminus ∖ wedge ∧"
    " vee ∨ land ∧ lor ∨ lnot ¬ neg ¬ leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ approx ≈"
    " equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ to →"
    " rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⇒ iff ⇔ mapsto ↦"
    " longrightarrow → uparrow ↑ downarrow ↓ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ iint ∬ oint ∮ forall ∀"
    " exists ∃ emptyset ∅ varnothing ∅ ldots … dots … cdots ⋯ vdots ⋮ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ angle ∠"
    " perp ⊥ parallel ∥ mid | degree ° prime ′ dagger † ddagger ‡ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈"
    " rceil ⌉ vert | Vert ‖ lvert | rvert | lVert ‖ rVert ‖ colon : backslash \\ lbrace { rbrace } therefore ∴"
    " because ∵ top ⊤ bot ⊥ models ⊨ vdash ⊢ micro µ ohm Ω celsius °C percent %"
).split()
_SIGNS = dict(zip(_NAMES_AND_SIGNS[::2], _NAMES_AND_SIGNS[1::2], strict=True))
_FUNCTIONS = frozenset(
    "sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp max min sup inf lim limsup liminf det"
    " dim ker gcd arg deg Pr mod bmod".split()
)
_FRACTIONS = frozenset("frac dfrac tfrac cfrac nicefrac sfrac".split())
_TEXTS = frozenset(
    "text textrm textit textbf mathrm mathit operatorname mbox hbox textnormal textsf unit mathsf".split()
)
_SPACES = {**dict.fromkeys((",", ";", ":", " ", "quad", "qquad", "enspace", "thinspace"), " "), "!": ""}
_SILENT = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr limits nolimits displaystyle textstyle scriptstyle nonumber notag"
    " mathstrut strut middle boldmath rm it bf hline".split()
)
# Commands whose first argument is no text.
_ARGUMENT_DROPPED = frozenset("label tag ref eqref hspace vspace phantom hphantom vphantom color".split())


def readable_math(tex: str) -> str:
    """Return a formula of TeX on one line for each of its rows."""
    tokens = [sign for sign in _TOKEN.findall(tex) if not sign.isspace()]
    lines = _Parser(tokens).lines()
    return "\n".join(filter(None, (joined(line) for line in lines)))


def is_sign(name: str) -> bool:
    """Tell whether a command stands for one sign."""
    return name in _SIGNS


class _Parser:
    """Reads tokens from the left; each is read once."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        # In how many matrices the reading stands: their rows and columns stay on one line.
        self._matrices = 0

    def lines(self) -> list[list[Piece]]:
        lines: list[list[Piece]] = [[]]
        while self._at < len(self._tokens):
            sign = self._tokens[self._at]
            if sign in ("\\\\", "\\cr"):
                self._at += 1
                if self._matrices:
                    lines[-1].append(Piece(";", "comma"))
                else:
                    lines.append([])
            elif sign == "}":
                self._at += 1
            else:
                self._take(lines[-1])
        return lines

    def _take(self, pieces: list[Piece]) -> None:
        """Read the next part, with its index and power, behind those before it."""
        sign = self._next()
        if sign in ("_", "^"):
            script = joined(self._argument())
            is_base = bool(pieces) and pieces[-1].kind not in ("operator", "relation", "comma")
            base = pieces.pop() if is_base else Piece("", "letter")
            below, above = ("", script) if sign == "^" else (script, "")
            # An index and a power of one part may come in either order.
            if self._peek() in ("_", "^") and self._peek() != sign:
                self._next()
                other = joined(self._argument())
                below, above = (below or other, above or other)
            pieces.append(scripted(base, below, above))
        elif sign == "'":
            base = pieces.pop() if pieces else Piece("", "letter")
            pieces.append(Piece(base.text + "′", base.kind))
        elif sign == "{":
            pieces.extend(self._group())
        elif sign.startswith("\\"):
            self._command(sign[1:].rstrip("*"), pieces)
        elif sign == "~":
            pieces.append(Piece(" ", "space"))
        elif sign != "&":
            pieces.append(piece(sign))
        elif self._matrices:
            pieces.append(Piece(",", "comma"))

    def _command(self, name: str, pieces: list[Piece]) -> None:
        if name in _SIGNS:
            sign = _SIGNS[name]
            pieces.append(Piece(sign, "letter") if sign.isalpha() and len(sign) == 1 else piece(sign))
        elif name in _FRACTIONS:
            pieces.append(over(joined(self._argument()), joined(self._argument())))
        elif name in ("binom", "dbinom", "tbinom"):
            pieces.append(Piece(f"C({joined(self._argument())}, {joined(self._argument())})", "letter"))
        elif name == "sqrt":
            degree = joined(self._option())
            pieces.append(root(joined(self._argument()), degree))
        elif name in _FUNCTIONS:
            pieces.append(Piece(name, "word"))
        elif name in _TEXTS:
            pieces.append(Piece(self._words(), "word"))
        elif name in _SPACES:
            pieces.append(Piece(_SPACES[name], "space"))
        elif name in _ARGUMENT_DROPPED:
            self._argument()
        elif name in ("begin", "end"):
            kind = "".join(part.text for part in self._argument())
            if kind.startswith("array") and name == "begin":
                self._argument()
            if "matrix" in kind or kind.startswith(("array", "cases")):
                self._matrices += 1 if name == "begin" else -1
                pieces.append(Piece("[" if name == "begin" else "]", "open" if name == "begin" else "close"))
        elif name in _SILENT:
            if name in ("left", "right") and self._peek() == ".":
                self._next()
        elif len(name) == 1 and not name.isalpha():
            pieces.append(piece(name) if name in "{}%$&#_|" else Piece("", "sign"))
        elif self._peek() != "{":
            # A sign that has no letter here keeps its name.
            pieces.append(Piece(name, "word"))

    def _argument(self) -> list[Piece]:
        """Return the next group, or the one part that stands for it."""
        pieces: list[Piece] = []
        if self._peek() == "{":
            self._next()
            return self._group()
        if self._peek()[:1].isdigit() and len(self._peek()) > 1:
            # Without a group only one digit is meant.
            first, self._tokens[self._at] = self._peek()[0], self._peek()[1:]
            return [piece(first)]
        if self._peek() not in ("", "}"):
            self._depth += 1
            if self._depth < _LARGEST_DEPTH:
                self._take(pieces)
            else:
                self._next()
            self._depth -= 1
        return pieces

    def _group(self) -> list[Piece]:
        pieces: list[Piece] = []
        self._depth += 1
        while self._peek() not in ("", "}"):
            if self._depth >= _LARGEST_DEPTH:
                sign = self._next()
                if sign not in ("{", "_", "^"):
                    pieces.append(piece(sign.lstrip("\\")))
                continue
            self._take(pieces)
        self._next()
        self._depth -= 1
        return pieces

    def _option(self) -> list[Piece]:
        if self._peek() != "[":
            return []
        self._next()
        pieces: list[Piece] = []
        while self._peek() not in ("", "]", "}"):
            self._take(pieces)
        if self._peek() == "]":
            self._next()
        return pieces

    def _words(self) -> str:
        """Return the letters of a group that are no formula."""
        return "".join(part.text for part in self._argument()).strip()

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        sign = self._peek()
        self._at += 1
        return sign
