"""Go templates cut into tokens: text between actions, and the words inside of them. Pure.

    "a {{.B | json}} c"  ->  text "a ", open, field "B", pipe, name "json", close, text " c"

Positions are kept (line, column) because Go's error messages name them.
"""

from __future__ import annotations

from sampan.cli.errors import CommandError

LEFT = "{{"
RIGHT = "}}"
BLANKS = " \t\r\n"
MARKS = {"|": "pipe", "(": "(", ")": ")", ",": ","}


class Token:
    """One word, with its kind and place."""

    __slots__ = ("column", "kind", "line", "spaced", "value")

    def __init__(self, kind: str, value: str, line: int, column: int, *, spaced: bool) -> None:
        self.kind = kind
        self.value = value
        self.line = line
        self.column = column
        # Whether a blank came before: `a.b` is one thing, `a .b` two.
        self.spaced = spaced


class Lexer:
    """Reads one template."""

    def __init__(self, text: str, failure: str, code: int) -> None:
        self._text = text
        # How errors begin, and the exit code they end with.
        self._failure = failure
        self._code = code
        self._at = 0
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        """Return all tokens."""
        trim = False
        while True:
            start = self._text.find(LEFT, self._at)
            plain = self._text[self._at : None if start < 0 else start]
            if trim:
                plain = plain.lstrip(BLANKS)
            if start >= 0 and self._trims_left(start):
                plain = plain.rstrip(BLANKS)
            if plain:
                self._add("text", plain)
            if start < 0:
                return self.tokens
            self._at = start + 2
            trim = self._action(start)

    def fail(self, what: str, line: int) -> CommandError:
        """Return the error that this is no template."""
        return CommandError(f"{self._failure}: template: :{line}: {what}", self._code)

    def _trims_left(self, start: int) -> bool:
        after = self._text[start + 2 : start + 4]
        return after[:1] == "-" and after[1:] in tuple(BLANKS)

    def _action(self, start: int) -> bool:
        """Read to the end of the action; return whether it trims what follows."""
        if self._trims_left(start):
            self._at += 2
        if self._text.startswith("/*", self._at):
            return self._comment()
        self._add("open", LEFT)
        while True:
            spaced = self._blanks()
            if self._text.startswith(RIGHT, self._at):
                self._add("close", RIGHT)
                self._at += 2
                return False
            if spaced and self._text.startswith("-" + RIGHT, self._at):
                self._add("close", RIGHT)
                self._at += 3
                return True
            if self._at >= len(self._text):
                raise self.fail("unclosed action", self._line())
            self._word(spaced=spaced)

    def _comment(self) -> bool:
        end = self._text.find("*/", self._at)
        if end < 0:
            raise self.fail("unclosed comment", self._line())
        self._at = end + 2
        trim = self._blanks() and self._text.startswith("-" + RIGHT, self._at)
        self._at += trim
        if not self._text.startswith(RIGHT, self._at):
            raise self.fail("comment ends before closing delimiter", self._line())
        self._at += 2
        return trim

    def _blanks(self) -> bool:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] in BLANKS:
            self._at += 1
        return self._at > start

    def _word(self, *, spaced: bool) -> None:
        mark = self._text[self._at]
        start = self._at
        if mark in MARKS:
            self._at += 1
            self._add(MARKS[mark], mark, start, spaced=spaced)
        elif mark in "\"`'":
            value = self._quoted(mark)
            self._add("string" if mark != "'" else "number", value, start, spaced=spaced)
        elif mark in ":=":
            self._at += 2 if mark == ":" else 1
            self._add("assign", self._text[start : self._at], start, spaced=spaced)
        elif mark == ".":
            self._at += 1
            name = self._name()
            self._add("field" if name else "dot", name, start, spaced=spaced)
        elif mark == "$":
            self._at += 1
            self._add("variable", "$" + self._name(), start, spaced=spaced)
        elif mark.isdigit() or mark in "+-":
            self._at += 1
            self._name(also="._+-")
            self._add("number", self._text[start : self._at], start, spaced=spaced)
        elif mark.isalpha() or mark == "_":
            self._add("name", self._name(), start, spaced=spaced)
        else:
            raise self.fail(f"unexpected {mark!r} in command".replace("'", '"'), self._line())

    def _name(self, also: str = "_") -> str:
        start = self._at
        while self._at < len(self._text) and (
            self._text[self._at].isalnum() or self._text[self._at] in also
        ):
            self._at += 1
        return self._text[start : self._at]

    def _quoted(self, mark: str) -> str:
        end = self._at + 1
        while end < len(self._text) and self._text[end] != mark:
            if mark != "`" and self._text[end] == "\n":
                break
            end += 2 if self._text[end] == "\\" and mark != "`" else 1
        if end >= len(self._text) or self._text[end] != mark:
            kind = "raw quoted" if mark == "`" else "quoted"
            raise self.fail(f"unterminated {kind} string", self._line())
        inside = self._text[self._at + 1 : end]
        self._at = end + 1
        value = inside if mark == "`" else unescape(inside)
        return str(ord(value[0])) if mark == "'" and value else value

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _add(
        self, kind: str, value: str, start: int | None = None, *, spaced: bool = False
    ) -> None:
        at = self._at if start is None else start
        line_start = self._text.rfind("\n", 0, at) + 1
        line = self._text.count("\n", 0, at) + 1
        self.tokens.append(Token(kind, value, line, at - line_start, spaced=spaced))


def unescape(text: str) -> str:
    r"""Read \n, \t, \", \\, \x41 and \u00e9 as Go does."""
    simple = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
    out = []
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter != "\\" or at >= len(text):
            out.append(letter)
            continue
        letter = text[at]
        at += 1
        width = {"x": 2, "u": 4, "U": 8}.get(letter, 0)
        digits = text[at : at + width]
        if width and len(digits) == width:
            out.append(chr(int(digits, 16)))
            at += width
        else:
            out.append(simple.get(letter, letter))
    return "".join(out)
