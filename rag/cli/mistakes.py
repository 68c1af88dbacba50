"""What is wrong with the words of a command line, in one sentence that names the command's own help.

Owns: these sentences, and which option or command was probably meant. Knows nothing about what commands do.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

# The commands whose arguments are the words of a question.
_TAKE_QUESTIONS = ("ask", "retrieve")


def sentence_of(error: Any) -> str:
    """Return what is wrong and where help is.

    Args:
        error: A usage error of Typer.

    Returns:
        One sentence or two, and the command that shows the help.
    """
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "rag"
    name = getattr(error, "option_name", None)
    if type(error).__name__ == "NoSuchOption" and name:
        message = _unknown_option(name, context)
    else:
        message = error.format_message()
    # Typer puts names of arguments in quotation marks, which nobody would type.
    message = re.sub(r"^(Missing (?:argument|option)) '([^']+)'", r"\1 \2", message)
    return f"{message} See: {path} --help"


def _unknown_option(name: str, context: Any) -> str:
    """Say that there is no such option, and which was meant; where a question may hold it, how to write that."""
    known = (
        [option for parameter in context.command.get_params(context) for option in parameter.opts] if context else []
    )
    near = get_close_matches(name, [option for option in known if option.startswith("--")], n=1, cutoff=0.7)
    sentence = f"No such option: {''.join(c if c.isprintable() else '�' for c in name)}."
    if near:
        return f"{sentence} Did you mean {near[0]}?"
    if context and context.info_name in _TAKE_QUESTIONS:
        return f"{sentence} Where it belongs to the question, put the question in quotes."
    return sentence
