"""Say what the elements of DocBook, JATS, TEI and FictionBook are, in the words of HTML.

Owns: the names of elements. Knows nothing about trees. Pure.
"""

from __future__ import annotations


def _named(**groups: str) -> dict[str, str]:
    """Return the tag of each element; a word of a group may name several, apart by spaces."""
    return {name: tag for tag, names in groups.items() for name in names.split()}


# Elements of other vocabularies and the ones of HTML that they are read as; "" for words in a line, "div" for a part
# that only holds others.
TAGS = {
    **_named(
        p="p para simpara ab member bridgehead speech line l verse subtitle seg-p attribution kwd-group contrib-group"
        " mixed-citation element-citation v text-author bibl biblStruct bibliomixed alt-text textobject",
        sup="sup superscript", sub="sub subscript", s="strike strikethrough del",
        ul="itemizedlist simplelist", ol="orderedlist procedure substeps",
        li="listitem list-item item step callout", dl="variablelist def-list glosslist glossary",
        dt="term glossterm", dd="def glossdef", pre="programlisting screen literallayout preformat synopsis codeblock",
        table="tgroup", tr="row tr", td="entry cell td", th="th", thead="thead", tbody="tbody", tfoot="tfoot",
        blockquote="blockquote disp-quote epigraph cite",
    ),
    **dict.fromkeys(
        "emphasis a style italic bold b i em strong monospace sc hi code literal command filename option varname"
        " function userinput computeroutput replaceable parameter classname methodname type constant envar prompt"
        " guilabel guimenu guimenuitem guibutton keycap keycombo menuchoice application productname acronym abbrev"
        " citetitle quote phrase link ulink ext-link uri email xref named-content styled-content underline overline"
        " roman sans-serif related-article ref q foreign title-in-text persName placeName date orig reg corr"
        " choice num measure anchor span inline-formula inlineequation tag markup trademark firstterm".split(), ""
    ),
    **dict.fromkeys(
        "FictionBook poem stanza section sect1 sect2 sect3 sect4 sect5 chapter part preface appendix book article set"
        " refentry refsect1 refsect2 refsect3 simplesect sec body back front front-stub article-meta text TEI group"
        " div div1 div2 div3 info articleinfo bookinfo sectioninfo chapterinfo title-group titlegroup abstract"
        " trans-abstract table-wrap figure"
        " fig fig-group informalfigure mediaobject inlinemediaobject table informaltable example informalexample list"
        " varlistentry def-item glossentry fn-group ref-list note warning tip caution important sidebar boxed-text"
        " equation informalequation disp-formula alternatives ack app app-group qandaset qandaentry question answer"
        " caption legend".split(), "div"
    ),
}  # fmt: skip
SECTIONS = frozenset(
    "section sect1 sect2 sect3 sect4 sect5 chapter part preface appendix book article set refentry refsect1 refsect2"
    " refsect3 simplesect sec div div1 div2 div3 TEI abstract ref-list ack app glossary".split()
)
TITLES = frozenset("title article-title head heading headline book-title".split())
# What is said of an article to programs and libraries.
DROPPED = frozenset(
    "journal-meta article-id article-categories permissions history pub-date volume issue fpage lpage elocation-id"
    " self-uri counts custom-meta-group funding-group indexterm index-term graphic imagedata imageobject colspec"
    " spanspec remark object-id processing-meta encodingDesc profileDesc revisionDesc publicationStmt sourceDesc"
    " copyright legalnotice productnumber biblioid aff author-notes corresp issn description binary empty-line"
    " publisher isbn revhistory editor edition volumenum pubdate notestmt respStmt".split()
)
ADMONITIONS = {
    "note": "Note", "warning": "Warning", "tip": "Tip", "caution": "Caution", "important": "Important",
}  # fmt: skip
FORMULAS = frozenset("inline-formula inlineequation disp-formula equation informalequation formula".split())
FIGURES = frozenset("table-wrap table informaltable fig figure example informalfigure".split())
