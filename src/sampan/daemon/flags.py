"""The command line of sampand, in the grammar of Docker's flags. Pure: words in, values out.

--name value, --name=value, -x value, -xvalue; switches take no word of their own, only
--debug=false. There are no arguments beside flags.
"""

from collections.abc import Sequence
from typing import Any

from sampan.daemon.options import BY_FLAG, BY_SHORT, OPTIONS, Option
from sampan.daemon.values import KINDS


class BadFlag(Exception):
    """The command line makes no sense; the text says where."""


def parse_flags(words: Sequence[str]) -> dict[str, Any]:
    """The flags that were given, by flag name."""
    given: dict[str, Any] = {}
    rest = list(words)
    while rest:
        option, value = _next(rest)
        if value is None:
            if option.kind == "flag":
                value = "true"
            elif rest:
                value = rest.pop(0)
            else:
                raise BadFlag(f"flag needs an argument: --{option.flag}")
        old = given.get(option.flag, option.default)
        try:
            given[option.flag] = KINDS[option.kind].add(old, value)
        except ValueError as error:
            raise BadFlag(f'invalid argument "{value}" for --{option.flag}: {error}') from None
    return given


def _next(rest: list[str]) -> tuple[Option, str | None]:
    """Take one word: the option it names, and the value in it if there is one."""
    word = rest.pop(0)
    if word.startswith("--"):
        name, separator, value = word[2:].partition("=")
        if name not in BY_FLAG:
            raise BadFlag(f"unknown flag: --{name}")
        return BY_FLAG[name], value if separator else None
    if not word.startswith("-") or len(word) < 2:
        raise BadFlag(f'"sampand" accepts no arguments: {word}')
    if word[1] not in BY_SHORT:
        raise BadFlag(f"unknown shorthand flag: {word[1]!r} in {word}")
    option, value = BY_SHORT[word[1]], word[2:]
    if option.kind == "flag" and value and not value.startswith("="):
        rest.insert(0, f"-{value}")  # -Dl debug
        return option, None
    return option, value.removeprefix("=") if value else None


def usage() -> str:
    """The help screen."""
    lines = ["Usage:  sampand [OPTIONS]", "", "The daemon of Sampan.", "", "Options:"]
    for option in sorted(OPTIONS, key=lambda option: option.flag):
        if option.absent or option.kind == "object":
            continue
        short = f"-{option.short}, " if option.short else "    "
        kind = "" if option.kind == "flag" else f" {option.kind}"
        default = f" (default {option.default})" if option.default else ""
        lines.append(f"  {short}{f'--{option.flag}{kind}':<34} {option.help}{default}")
    return "\n".join(lines)
