"""Words that would like to be more than words: scripts, pictures, links, templates, and what hides or reorders text.

Owns: the corpus that every view of untrusted text is shown with.
"""

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe src="javascript:alert(1)"></iframe>',
    "' onmouseover='alert(1)",
    "</mark></td></table><h1>out</h1>",
    "<!-- -->",
    "]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[click](javascript:alert(1))",
    "![pixel](https://example.org/leak.png)",
    "![pixel][leak]",
    "[leak]: https://example.org/leak.png",
    "<https://example.org/auto>",
    "https://example.org/bare and www.example.org and me@example.org and mailto:me@example.org",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "{{ 7 * 7 }} {% include secret %} ${7*7} <%= 7 %> #{7}",
    "gnp.exe\u202egpj.txt",
    "\u2066hidden\u2069 \u200b\u2028\u0000\u001b[31m",
    "`code` ``more`` ~~~\nfence",
    "# heading\n---\n* item\n1. first\n> quote\n    indented\n| a | b |\n|---|---|\n:-:",
    "line\\\nnext\\",
    "$$x^2$$ ~~gone~~ **bold** _it_ [^1] [ ] [x]",
    "a\u0300" * 50,
    "x" * 5000,
)
