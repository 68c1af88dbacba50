"""Tell what on a page serves its use and is none of its words: menus, questions for consent, links past the menus.

Owns: by which roles, classes and identifiers it is known. Only whole names count: a page about cookies has words such
as these in its text, and in longer names. Knows nothing about text.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

_ROLES = frozenset(("navigation", "menubar"))
# Boxes of the common programs that ask for consent, and what sites call their own.
_CONSENT = frozenset(
    "onetrust-consent-sdk onetrust-banner-sdk cybotcookiebotdialog usercentrics-root usercentrics-cmp-ui didomi-host"
    " cookiescript_injected cookie-law-info-bar qc-cmp2-container truste-consent-track cookie-banner cookiebanner"
    " cookie-consent cookieconsent cookie-notice cookie-bar cc-window cc-banner consent-banner gdpr-banner"
    " cookie-consent-banner cmplz-cookiebanner".split()
)
_SKIPPING = frozenset("skip-link skiplink skip-to-content skip-to-main skip-nav skip-navigation".split())
_BOXES = frozenset(("div", "section", "aside", "dialog", "form", "footer", "header"))


def is_furniture(tag: str, attributes: Mapping[str, str | None], classes: Set[str]) -> bool:
    """Tell whether an element serves the use of a page.

    Args:
        tag: Its name.
        attributes: Its attributes.
        classes: Its classes, in small letters.

    Returns:
        False for what may be the text itself, such as an article of such a class.
    """
    if tag == "a":
        return bool(classes & _SKIPPING)
    if tag not in _BOXES:
        return tag in ("ul", "ol", "menu") and (attributes.get("role") or "").lower() in _ROLES
    if (attributes.get("role") or "").strip().lower() in _ROLES:
        return True
    return bool(classes & _CONSENT) or (attributes.get("id") or "").lower() in _CONSENT
