"""What on a page serves its use: `rag.load.markup.furniture`."""

from __future__ import annotations

import pytest

from tests.load.markup.reading import lines

WORDS = "<p>The bridge is 412 metres long.</p>"


@pytest.mark.parametrize(
    "furniture",
    [
        '<div role="navigation">Home Prices</div>',
        '<ul role="menubar"><li>Home</li></ul>',
        '<div id="onetrust-consent-sdk"><p>We value your privacy.</p><button>Accept</button></div>',
        '<div class="site Cookie-Banner open"><p>We use cookies.</p></div>',
        '<section id="CybotCookiebotDialog"><h2>Consent</h2></section>',
        '<a class="skip-link" href="#main">Skip to content</a>',
    ],
)
def test_menus_and_questions_for_consent_are_not_read(furniture: str) -> None:
    assert lines(f"<body>{furniture}<main>{WORDS}</main></body>") == ["The bridge is 412 metres long."]


@pytest.mark.parametrize(
    "text",
    [
        '<article class="cookie-notice"><p>Our cookies last a day.</p></article>',
        '<div class="about-cookie-banners"><p>Our cookies last a day.</p></div>',
        '<p id="cookie-consent">Our cookies last a day.</p>',
        '<a class="skip">Our cookies last a day.</a>',
        '<div role="note"><p>Our cookies last a day.</p></div>',
    ],
)
def test_words_about_them_are_read(text: str) -> None:
    assert "Our cookies last a day." in lines(f"<body>{text}{WORDS}</body>")
