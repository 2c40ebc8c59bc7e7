"""Help screens: the overview, a noun's, a command's. Loaded only when somebody asks. Pure.

Grouped and laid out as Docker's: flags in the order of their names, long texts broken at the
terminal's 80 columns.
"""

from __future__ import annotations

from sampan.cli.flags import BOOL, Flag
from sampan.cli.format.units import binary_size
from sampan.cli.tree import COMMON, NOUNS, PLAIN, SHORT, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

WIDTH = 79
# The least room for a flag's text, however long the flags are, and how far one may go over it.
ROOM = 24
SLOP = 5
GAP = 12


def overview(flags: Iterable[Flag]) -> str:
    """Return what `sampan` alone shows."""
    tops = {**{word: _summary(word) for word in SHORT}, **PLAIN}
    common = {word: tops[word] for word in COMMON}
    nouns = {noun: summary for noun, (summary, _) in NOUNS.items()}
    rest = {word: tops[word] for word in sorted(tops) if word not in COMMON}
    return (
        "Usage:  sampan [OPTIONS] COMMAND\n\n"
        "Containers, images, networks and volumes behind Docker's words\n\n"
        + _listed("Common Commands:", common)
        + _listed("Management Commands:", nouns)
        + _listed("Commands:", rest)
        + f"Global Options:\n{_flags(flags)}\n"
        "Run 'sampan COMMAND --help' for more information on a command.\n"
    )


def noun(word: str) -> str:
    """Return what `sampan container` alone shows."""
    summary, verbs = NOUNS[word]
    return (
        f"Usage:  sampan {word} COMMAND\n\n{summary}\n\n"
        + _listed("Commands:", dict(sorted(verbs.items())))
        + f"Run 'sampan {word} COMMAND --help' for more information on a command.\n"
    )


def command(found: Command, module: Any) -> str:  # noqa: ANN401 - a module of the mould
    """Return the screen of one command."""
    text = f"Usage:  sampan {found.path} {module.USAGE}".rstrip() + f"\n\n{found.summary}\n"
    names = found.names()
    if len(names) > 1:
        text += f"\nAliases:\n  {', '.join(f'sampan {name}' for name in names)}\n"
    if module.FLAGS:
        text += f"\nOptions:\n{_flags(module.FLAGS)}"
    return text


def default(flag: Flag) -> str:
    """Return how a flag's default is shown, empty when it goes without saying."""
    value = flag.default
    if flag.kind.shown:
        return f" (default {flag.kind.shown})" if not value else f" (default {value})"
    if flag.kind.many or value in ("", 0, False, None):
        return ""
    if isinstance(value, bool):
        return " (default true)"
    if flag.kind.word == "bytes":
        return f" (default {binary_size(value)})"
    return f' (default "{value}")' if isinstance(value, str) else f" (default {value})"


def _summary(word: str) -> str:
    found_noun, verb = SHORT[word]
    return NOUNS[found_noun][1][verb]


def _listed(title: str, rows: dict[str, str]) -> str:
    width = max(max(len(word) for word in rows) + 2, GAP)
    lines = [f"  {word.ljust(width)}{text}" for word, text in rows.items()]
    return "\n".join([title, *lines]) + "\n\n"


def _flags(flags: Iterable[Flag]) -> str:
    shown = [flag for flag in sorted(flags, key=lambda flag: flag.name) if not flag.hidden]
    heads = [_head(flag) for flag in shown]
    start = max(len(head) for head in heads) + 3
    lines = []
    for flag, head in zip(shown, heads, strict=True):
        first, *others = _wrapped(flag.text + default(flag), max(WIDTH - start, ROOM))
        lines.append(head.ljust(start) + first)
        lines += [" " * start + other for other in others]
    return "".join(f"{line}\n" for line in lines)


def _head(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else "    "
    word = f" {flag.word}" if flag.word and flag.kind is not BOOL else ""
    return f"  {short}--{flag.name}{word}"


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines as pflag does: a few columns over rather than an orphan."""
    lines = []
    while text:
        part, text = _line(text, width - SLOP)
        lines += part.split("\n")
    return lines


def _line(text: str, width: int) -> tuple[str, str]:
    if width + SLOP > len(text):
        return text, ""
    blank = max(text.rfind(" ", 0, width), text.rfind("\n", 0, width))
    if blank <= 0:
        return text, ""
    newline = text.rfind("\n", 0, width)
    cut = newline if 0 < newline < blank else blank
    return text[:cut], text[cut + 1 :]
