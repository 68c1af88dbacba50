"""Which rows of which financial statement a question needs: "quick ratio", "gross margin", "balance sheet". Pure.

Owns: the table of common ratios with the rows that they are made of, and the titles of statements. Knows nothing about
an index, or about how a row is found.

A report seldom states a ratio. Whoever asks for one is served by the figures that it is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BALANCE, _INCOME, _CASH = (
    "consolidated balance sheets",
    "consolidated statements of income",
    "statements of cash flows",
)

_STATEMENTS = (
    (re.compile(r"\b(?:balance sheets?|financial position|bilanz)\b", re.I), _BALANCE),
    (
        re.compile(
            r"\b(?:income statements?|profit (?:and|&) loss|p&l|statements? of (?:income|operations|earnings)"
            r"|gewinn-? und verlustrechnung|guv)\b",
            re.I,
        ),
        _INCOME,
    ),
    (re.compile(r"\b(?:cash[\s-]?flow statements?|(?:statements? of )?cash flows?|kapitalfluss\w*)\b", re.I), _CASH),
)  # fmt: skip

# What a row is called, the commonest name first.
_REVENUE = ("total revenues", "net revenue", "net sales", "revenue", "total revenues net of interest expense", "umsatz")
_OPERATING_INCOME = ("operating income", "operating profit", "income from operations", "pretax income",
                     "income before income taxes", "betriebsergebnis")  # fmt: skip
_GROSS_PROFIT = ("gross profit", "gross margin", "cost of sales", "cost of goods sold", "cost of revenues")
_NET_INCOME = ("net income", "net earnings", "net income loss", "jahresüberschuss")
_DEPRECIATION = ("depreciation and amortization", "depreciation and amortization expense", "depreciation")
_CAPEX = ("capital expenditures", "capital spending", "purchases of property and equipment",
          "additions to property plant and equipment", "payments for property and equipment")  # fmt: skip
_PROPERTY = ("property plant and equipment net", "property and equipment net", "net property plant and equipment",
             "property plant and equipment")  # fmt: skip
_ASSETS = ("total assets", "bilanzsumme")
_EQUITY = ("total equity", "total shareholders equity", "total stockholders equity", "eigenkapital")
_LIABILITIES = ("total liabilities",)
_CURRENT_ASSETS = ("total current assets", "umlaufvermögen")
_CURRENT_LIABILITIES = ("total current liabilities",)
_INVENTORIES = ("inventories", "merchandise inventories", "merchandise inventories net", "vorräte")
_RECEIVABLES = ("accounts receivable net", "receivables net", "accounts receivable", "forderungen")
_CASH_ROW = ("cash and cash equivalents",)
_LONG_DEBT = ("long-term debt", "long-term debt obligations", "long-term debt less current portion")
_SHORT_DEBT = ("debt maturing within one year", "short-term debt", "current portion of long-term debt",
               "short-term debt obligations", "short-term borrowings")  # fmt: skip
_COST = ("cost of sales", "cost of goods sold", "cost of revenues", "cost of products sold")
_OPERATING_CASH = ("net cash provided by operating activities", "net cash provided by operations",
                   "total cash provided by operating activities")  # fmt: skip
_INVESTING_CASH = ("net cash used in investing activities", "net cash provided by used in investing activities",
                   "total cash used in investing activities", "net cash used for investing activities")  # fmt: skip
_FINANCING_CASH = ("net cash used in financing activities", "net cash provided by used in financing activities",
                   "total cash used in financing activities", "net cash used for financing activities")  # fmt: skip
_INTEREST = ("interest expense", "net interest expense")
_TAX = ("provision for income taxes", "income tax provision", "income tax expense")
_PRETAX = ("income before income taxes", "pretax income", "income before provision for income taxes",
           "income before income tax expense")  # fmt: skip
_DIVIDENDS = ("cash dividends paid", "dividends paid", "dividends declared")

_RATIOS: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (r"quick ratio|acid[\s-]test", (_BALANCE,), (_CURRENT_ASSETS, _CURRENT_LIABILITIES, _INVENTORIES)),
    (r"current ratio|working capital|liquidity", (_BALANCE,), (_CURRENT_ASSETS, _CURRENT_LIABILITIES)),
    (r"cash ratio", (_BALANCE,), (_CASH_ROW, _CURRENT_LIABILITIES)),
    (r"gross (?:profit )?margins?|gross profit", (_INCOME,), (_GROSS_PROFIT, _REVENUE)),
    (r"operating (?:profit |income )?margins?|ebit margins?", (_INCOME,), (_OPERATING_INCOME, _REVENUE)),
    (r"(?:net )?profit margins?|net (?:income )?margins?|umsatzrendite", (_INCOME,), (_NET_INCOME, _REVENUE)),
    (r"ebitda", (_INCOME, _CASH), (_OPERATING_INCOME, _DEPRECIATION)),
    (r"free cash flow", (_CASH,), (_OPERATING_CASH, _CAPEX)),
    (r"capital[\s-]intens\w+", (_BALANCE, _CASH), (_CAPEX, _PROPERTY, _ASSETS)),
    (r"return on assets|roa", (_INCOME, _BALANCE), (_NET_INCOME, _ASSETS)),
    (r"return on equity|roe|eigenkapitalrendite", (_INCOME, _BALANCE), (_NET_INCOME, _EQUITY)),
    (r"asset turnover", (_INCOME, _BALANCE), (_REVENUE, _ASSETS)),
    (r"inventory turnover|days (?:of )?inventory(?: outstanding)?|dio", (_INCOME, _BALANCE), (_COST, _INVENTORIES)),
    (r"days sales outstanding|dso|receivables turnover", (_INCOME, _BALANCE), (_RECEIVABLES, _REVENUE)),
    (r"debt[\s-]to[\s-]equity|verschuldungsgrad|gearing", (_BALANCE,), (_LONG_DEBT, _SHORT_DEBT, _EQUITY)),
    (r"debt ratio|leverage ratio", (_BALANCE,), (_LIABILITIES, _ASSETS)),
    (r"equity ratio|eigenkapitalquote", (_BALANCE,), (_EQUITY, _ASSETS)),
    (r"interest coverage", (_INCOME,), (_OPERATING_INCOME, _INTEREST)),
    (r"effective tax rate", (_INCOME,), (("effective tax rate",), _TAX, _PRETAX)),
    (r"(?:dividend )?payout ratio", (_CASH, _INCOME), (_DIVIDENDS, _NET_INCOME)),
    (r"capex|capital expenditures?", (_CASH,), (_CAPEX,)),
    (r"debt", (_BALANCE,), (_LONG_DEBT, _SHORT_DEBT)),
    (r"pp&?n?e|ppe", (_BALANCE,), (_PROPERTY,)),
    (
        r"operat\w+,? (?:and )?invest\w+,? (?:and|or) financ\w+",
        (_CASH,),
        (_OPERATING_CASH, _INVESTING_CASH, _FINANCING_CASH),
    ),
)  # fmt: skip
_FORMULAS = tuple((re.compile(rf"\b(?:{names})\b", re.I), statements, rows) for names, statements, rows in _RATIOS)
# "Debt" and "capex" alone stand in many questions of other kinds: one of these must be there, too.
_ABOUT_FIGURES = re.compile(
    r"\b(?:ratios?|margins?|turnover|FY\s?\d\d(?:\d\d)?|fiscal|(?:19|20)\d\d|return on|intensive|intensity|payout)\b",
    re.I,
)
# Of so many rows of a question the figures are looked for.
_MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class NeededFigures:
    """The figures of financial statements that a question needs; nothing where it names no ratio and no statement.

    Attributes:
        statements: The titles of the statements that hold them.
        rows: For each figure the labels that its row may have, the commonest first.
    """

    statements: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        """Whether any figure is needed."""
        return bool(self.statements)


def needed_figures(question: str) -> NeededFigures:
    """Return which rows of which statements a question needs: "quick ratio" needs current assets and liabilities."""
    statements = [title for pattern, title in _STATEMENTS if pattern.search(question)]
    rows: list[tuple[str, ...]] = []
    if statements or _ABOUT_FIGURES.search(question):
        for pattern, titles, labels in _FORMULAS:
            if pattern.search(question):
                statements += titles
                rows += labels
    return NeededFigures(tuple(dict.fromkeys(statements)), tuple(dict.fromkeys(rows))[:_MOST_ROWS])
