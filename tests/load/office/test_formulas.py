"""Formulas of Word and OpenDocument in a line: `rag.load.office.math_xml`."""

from __future__ import annotations

import pytest
from lxml import etree

from rag.load.office.math_xml import read_mathml, read_omml


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('2')}</m:den></m:f>", "(a + b)/2"),
        (f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSub><m:e>{run('v')}</m:e><m:sub>{run('n+1')}</m:sub></m:sSub>", "v_(n + 1)"),
        (f"<m:rad><m:deg>{run('3')}</m:deg><m:e>{run('x+1')}</m:e></m:rad>", "∛(x + 1)"),
        (f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{run('2')}</m:e></m:rad>", "√2"),
        (f"<m:d><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>", "(a| b)"),
        (f"<m:d><m:e><m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('0')}</m:e></m:mr></m:m></m:e></m:d>", "(1, 0)"),
        (f"<m:eqArr><m:e>{run('x=1')}</m:e><m:e>{run('y=2')}</m:e></m:eqArr>", "x = 1; y = 2"),
        (f"<m:acc><m:accPr><m:chr m:val='^'/></m:accPr><m:e>{run('p')}</m:e></m:acc>", "p\u0302"),
        (f"<m:phant><m:phantPr><m:show m:val='0'/></m:phantPr><m:e>{run('x')}</m:e></m:phant>{run('y')}", "y"),
        (f"<m:sPre><m:sub/><m:sup>{run('14')}</m:sup><m:e>{run('C')}</m:e></m:sPre>", "¹⁴C"),
    ],
)
def test_formulas_of_word(xml: str, text: str) -> None:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    assert read_omml(etree.fromstring(f'<m:oMath xmlns:m="{space}">{xml}</m:oMath>')) == text


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<mfrac><mi>a</mi><mrow><mn>2</mn><mo>+</mo><mi>b</mi></mrow></mfrac>", "a/(2 + b)"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>x</mi>", "∑_i^n x"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x\u0304"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<msqrt><mi>x</mi></msqrt><msup><mi>y</mi><mn>2</mn></msup>", "√x y²"),
        ("<mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable><mo>)</mo>", "(1, 0)"),
        ("<semantics><mi>x</mi><annotation>size 12{x}</annotation></semantics>", "x"),
    ],
)
def test_formulas_of_open_document(xml: str, text: str) -> None:
    assert read_mathml(etree.fromstring(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{xml}</math>')) == text
