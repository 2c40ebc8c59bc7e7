"""What a flag is: its names, its kind, its default. Tables of these describe every command.

    FLAGS = (
        Flag("all", "a", BOOL, "Show all containers (default shows just running)"),
        Flag("last", "n", INT, "Show n last created containers", default=-1),
    )

A kind says what the value's word is on help screens and how its text is read; kinds that
only `run` knows live in sampan.cli.options.kinds. How flags are found among the words of a
command is the parser's business.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))


class Kind:
    """How the text of a value is read. `read` raises ValueError with Docker's words."""

    __slots__ = ("default", "many", "read", "shown", "spread", "word")

    def __init__(
        self,
        word: str,
        read: Callable[[str], Any],
        default: Any = "",  # noqa: ANN401
        *,
        many: bool = False,
        shown: str = "",
        spread: bool = False,
    ) -> None:
        self.word = word
        self.read = read
        self.default = default
        self.many = many
        # One text holds several values: --gateway a,b
        self.spread = spread
        # How help shows the default when pflag shows one that looks empty.
        self.shown = shown


class Flag:
    """One row of a command's table."""

    __slots__ = ("default", "hidden", "kind", "name", "same", "short", "text", "word")

    def __init__(
        self,
        name: str,
        short: str,
        kind: Kind,
        text: str,
        *,
        default: Any = None,  # noqa: ANN401
        hidden: bool = False,
        word: str = "",
        same: str = "",
    ) -> None:
        self.name = name
        # An older name of another flag sets that one's value.
        self.same = same or name
        self.short = short
        self.kind = kind
        self.text = text
        self.default = kind.default if default is None else default
        self.hidden = hidden
        self.word = word or kind.word

    def spoken(self) -> str:
        """Name the flag as error messages do."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


class Options:
    """The values of one command's flags, defaults included."""

    __slots__ = ("changed", "values")

    def __init__(self, flags: Iterable[Flag]) -> None:
        self.values: dict[str, Any] = {
            flag.same: [] if flag.kind.many else flag.default for flag in flags
        }
        # Names of the flags that were given, as against left at their default.
        self.changed: set[str] = set()

    def take(self, flag: Flag, text: str) -> None:
        """Set a flag from its text; ValueError when the text is no such value."""
        value = flag.kind.read(text)
        if flag.kind.spread:
            self.values[flag.same] += value
        elif flag.kind.many:
            self.values[flag.same].append(value)
        else:
            self.values[flag.same] = value
        self.changed.add(flag.same)

    def on(self, name: str) -> bool:
        """Return a switch."""
        return bool(self.values[name])

    def text(self, name: str) -> str:
        """Return a text."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """Return a whole number: also sizes in bytes and durations in nanoseconds."""
        return int(self.values[name])

    def many(self, name: str) -> list[Any]:
        """Return the values of a flag that may be repeated."""
        return list(self.values[name])


def read_bool(text: str) -> bool:
    """Read what Go's ParseBool reads."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(f'strconv.ParseBool: parsing "{text}": invalid syntax')


def read_int(text: str) -> int:
    """Read a whole number; 0x10, 010 and 0b1 are other bases, as in Go."""
    digits = text.lstrip("+-")
    base = 8 if digits[:1] == "0" and digits[1:].isdecimal() else 0
    try:
        value = int(text, base)
    except ValueError:
        raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f'strconv.ParseInt: parsing "{text}": value out of range')
    return value


def read_filter(text: str) -> str:
    """Read one `name=value` of --filter."""
    if text and "=" not in text:
        raise ValueError("bad format of filter (expected name=value)")
    return text


BOOL = Kind("", read_bool, default=False)
STRING = Kind("string", str)
INT = Kind("int", read_int, 0)
LIST = Kind("list", str, many=True)
STRINGS = Kind("strings", lambda text: text.split(","), many=True, spread=True)
FILTER = Kind("filter", read_filter, many=True)

_TEMPLATES = (
    "'json':             Print in JSON format\n"
    "'TEMPLATE':         Print output using the given Go template."
)
# --format of lists, and of single documents.
LIST_FORMAT = Flag(
    "format",
    "",
    STRING,
    "Format output using a custom template:\n"
    "'table':            Print output in table format with column headers (default)\n"
    "'table TEMPLATE':   Print output in table format using the given Go template\n" + _TEMPLATES,
)
DOCUMENT_FORMAT = Flag(
    "format", "f", STRING, "Format output using a custom template:\n" + _TEMPLATES
)
