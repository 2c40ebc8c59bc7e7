"""Go templates read into nodes: the grammar of text/template. Pure; running them is template.py's.

{{if .A}}x{{else}}y{{end}}  ->  if(pipeline(.A), [text x], [text y])
"""

from __future__ import annotations

from sampan.cli.format.functions import FUNCTIONS, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.errors import CommandError
    from sampan.cli.format.lexer import Lexer, Token

BLOCKS = frozenset(("if", "range", "with", "define", "block"))
KEYWORDS = BLOCKS | {"else", "end", "template", "break", "continue"}


class Node:
    """One part of a template; `kind` says which, `parts` is what it is made of."""

    __slots__ = ("column", "kind", "line", "parts", "text")

    def __init__(self, kind: str, token: Token, *parts: Any, text: str = "") -> None:  # noqa: ANN401
        self.kind = kind
        self.line = token.line
        self.column = token.column
        self.parts = parts
        # How Go's messages quote it.
        self.text = text


class Parser:
    """Tokens to nodes."""

    def __init__(self, lexer: Lexer) -> None:
        self._lexer = lexer
        self._tokens = lexer.run()
        self._at = 0
        self.defined: dict[str, list[Node]] = {}

    def template(self) -> list[Node]:
        """Read the whole template."""
        nodes, end = self._nodes()
        if end:
            raise self._fail(f"unexpected {{{{{end}}}}}")
        return nodes

    def _nodes(self) -> tuple[list[Node], str]:
        """Read to the end, or to an end or else; return which it was, its word consumed."""
        nodes = []
        while self._at < len(self._tokens):
            token = self._next()
            if token.kind == "text":
                nodes.append(Node("text", token, token.value))
                continue
            word = self._peek()
            if word.kind == "name" and word.value in {"end", "else"}:
                self._at += 1
                return nodes, word.value
            nodes.append(self._action(word))
        return nodes, ""

    def _action(self, word: Token) -> Node:
        if word.kind == "name" and word.value in KEYWORDS:
            self._at += 1
            return self._keyword(word)
        pipeline = self._pipeline(word, "command")
        self._close()
        return Node("print", word, pipeline)

    def _keyword(self, word: Token) -> Node:
        if word.value in {"break", "continue"}:
            self._close()
            return Node(word.value, word)
        if word.value in {"if", "range", "with"}:
            pipeline = self._pipeline(word, word.value)
            self._close()
            return self._branch(word, pipeline)
        name = self._next()
        if name.kind != "string":
            raise self._fail(f"unexpected {name.value!r} in {word.value} clause")
        if word.value == "define":
            self._close()
            self.defined[name.value] = self._whole(word.value)
            return Node("text", word, "")
        data = None if self._peek().kind == "close" else self._pipeline(word, word.value)
        self._close()
        if word.value == "block":
            self.defined[name.value] = self._whole(word.value)
        return Node("template", word, name.value, data)

    def _whole(self, word: str) -> list[Node]:
        nodes, end = self._nodes()
        if end != "end":
            raise self._fail(f"unexpected {{{{else}}}} in {word}" if end else "unexpected EOF")
        self._close()
        return nodes

    def _branch(self, word: Token, pipeline: Node) -> Node:
        body, end = self._nodes()
        otherwise: list[Node] = []
        if end == "else":
            follow = self._peek()
            if follow.kind == "name" and follow.value in {"if", "with"}:
                self._at += 1
                inner = self._pipeline(follow, follow.value)
                self._close()
                return Node(word.value, word, pipeline, body, [self._branch(follow, inner)])
            self._close()
            otherwise, end = self._nodes()
        if end != "end":
            raise self._fail("unexpected EOF")
        self._close()
        return Node(word.value, word, pipeline, body, otherwise)

    def _pipeline(self, word: Token, where: str) -> Node:
        """Read `$x, $y := a | b c`."""
        start = self._at
        names = self._assigned()
        commands = [self._command(where)]
        while self._peek().kind == "pipe":
            self._at += 1
            commands.append(self._command(where))
        return Node("pipeline", word, names, commands, text=self._quote(start))

    def _assigned(self) -> list[str]:
        names = []
        ahead = self._at
        while self._tokens[ahead].kind == "variable":
            names.append(self._tokens[ahead].value)
            follow = self._tokens[ahead + 1]
            if follow.kind == "assign":
                self._at = ahead + 2
                return [follow.value, *names]
            if follow.kind != ",":
                break
            ahead += 2
        return []

    def _command(self, where: str) -> Node:
        start = self._at
        first = self._peek()
        operands = []
        while self._peek().kind not in {"close", "pipe", ")"}:
            operands.append(self._operand())
        if not operands:
            raise self._fail(f"missing value for {where}", first)
        return Node("command", first, operands, text=self._quote(start))

    def _operand(self) -> Node:
        start = self._at
        token = self._next()
        node = self._term(token)
        # Fields glued to it belong to it: $x.Name, (index . 0).Name
        chain = [node]
        while self._peek().kind == "field" and not self._peek().spaced:
            field = self._next()
            chain.append(Node("chain", token, chain[-1], field))
        for part in chain:
            part.text = self._quote(start)
            # Go's place of a.b.c is that of b.
            part.column = chain[1].parts[1].column if len(chain) > 1 else part.column
        return chain[-1]

    def _term(self, token: Token) -> Node:
        if token.kind == "(":
            inner = self._pipeline(token, "parenthesized pipeline")
            if self._next().kind != ")":
                raise self._fail("unclosed left paren", token)
            return inner
        if token.kind == "name":
            return self._word(token)
        if token.kind in {"field", "dot", "variable", "string"}:
            return Node(token.kind, token, token.value)
        if token.kind == "number":
            return Node("constant", token, number(token.value))
        raise self._fail(f'unexpected "{token.value}" in operand', token)

    def _word(self, token: Token) -> Node:
        constants = {"true": True, "false": False, "nil": None}
        if token.value in constants:
            return Node("constant", token, constants[token.value])
        if token.value not in FUNCTIONS:
            raise self._fail(f'function "{token.value}" not defined', token)
        return Node("function", token, token.value)

    def _quote(self, start: int) -> str:
        out: list[str] = []
        for token in self._tokens[start : self._at]:
            blank = " " if out and token.spaced else ""
            value = f'"{token.value}"' if token.kind == "string" else token.value
            out.append(blank + ("." if token.kind in {"field", "dot"} else "") + value)
        return "".join(out)

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _close(self) -> None:
        token = self._next()
        if token.kind != "close":
            raise self._fail(f'unexpected "{token.value}" in end', token)

    def _fail(self, what: str, token: Token | None = None) -> CommandError:
        line = (token or self._tokens[min(self._at, len(self._tokens) - 1)]).line
        return self._lexer.fail(what, line)
