"""One part of each kind that Footnote takes from other packages; the page docs/extend.md shows and explains them."""
