"""Docker's flag grammar (pflag's): from a command's words to options and arguments.

    -a  --all  --all=false        switches take a value only after =
    -n5  -n 5  -n=5  --last 5     values are glued or follow
    -it  -itp80:80                short flags run together; the first with a value ends them
    --                            everything after is an argument
    run [flags] IMAGE [words]     without interspersed, flags end at the first argument

Pure: tables and words in, values out; UsageError in Docker's words.
"""

from __future__ import annotations

from sampan.cli.errors import HelpAsked, UsageError
from sampan.cli.flags import BOOL, Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sampan.cli.flags import Flag


def parse(
    flags: Sequence[Flag], words: Sequence[str], *, interspersed: bool = True
) -> tuple[Options, list[str]]:
    """Return the options and the arguments; HelpAsked when --help is among the flags."""
    reading = _Reading(flags, words)
    while reading.rest:
        word = reading.rest.pop(0)
        if word == "--":
            reading.arguments += reading.rest
            break
        if word.startswith("--"):
            reading.long(word)
        elif len(word) > 1 and word[0] == "-":
            reading.short(word)
        else:
            reading.arguments.append(word)
            if not interspersed:
                reading.arguments += reading.rest
                break
    return reading.options, reading.arguments


class _Reading:
    """The state of one parse."""

    def __init__(self, flags: Sequence[Flag], words: Sequence[str]) -> None:
        self.options = Options(flags)
        self.arguments: list[str] = []
        self.rest = list(words)
        self._names = {flag.name: flag for flag in flags}
        self._letters = {flag.short: flag for flag in flags if flag.short}

    def long(self, word: str) -> None:
        """Take --name, --name=value or --name and the next word."""
        name, equals, text = word[2:].partition("=")
        if not name or name[0] == "-":
            raise UsageError(f"bad flag syntax: {word}")
        if name == "help":
            raise HelpAsked
        flag = self._names.get(name)
        if flag is None:
            raise UsageError(f"unknown flag: --{name}")
        if equals:
            self._set(flag, text)
        elif flag.kind is BOOL:
            self._set(flag, "true")
        elif self.rest:
            self._set(flag, self.rest.pop(0))
        else:
            raise UsageError(f"flag needs an argument: --{name}")

    def short(self, word: str) -> None:
        """Take -a, -abc, -n5, -n=5 or -n and the next word."""
        at = 1
        while at < len(word):
            letter = word[at]
            rest = word[at + 1 :]
            flag = self._letters.get(letter)
            if flag is None:
                if letter == "h":
                    raise HelpAsked
                raise UsageError(f"unknown shorthand flag: '{letter}' in {word}")
            if rest.startswith("=") and len(rest) > 1:
                self._set(flag, rest[1:])
                return
            if flag.kind is not BOOL:
                self._set(flag, rest or self._next(letter, word))
                return
            self._set(flag, "true")
            at += 1

    def _next(self, letter: str, word: str) -> str:
        if not self.rest:
            raise UsageError(f"flag needs an argument: '{letter}' in {word}")
        return self.rest.pop(0)

    def _set(self, flag: Flag, text: str) -> None:
        try:
            self.options.take(flag, text)
        except ValueError as error:
            raise UsageError(
                f'invalid argument "{text}" for "{flag.spoken()}" flag: {error}'
            ) from None
