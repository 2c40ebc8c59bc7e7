"""Go templates, as --format takes them: text/template's language and Docker's functions.

    Template("{{range .Mounts}}{{.Source}}\\n{{end}}").run(document)

Fields, variables, pipelines, if/else if/range/with, break, continue, define/template/block,
trim markers, comments. Data are documents (dicts and lists as JSON has them) or objects with
`field(name)` such as rows of a list. Pure.
"""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.format.functions import Misuse, call, truth
from sampan.cli.format.lexer import Lexer
from sampan.cli.format.nodes import Parser
from sampan.cli.format.values import NOTHING, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sampan.cli.format.nodes import Node

    Scope = dict[str, Any]


class Missing(Exception):
    """A field that is not there; its text is Go's reason."""


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


def strict(_parent: str, name: str, _owner: dict[str, Any]) -> Any:  # noqa: ANN401
    """Say that a document has no such field."""
    raise Missing(f'map has no entry for key "{name}"')


class Template:
    """A template that has been read and can be run many times."""

    def __init__(
        self,
        text: str,
        *,
        failure: str = "template parsing error",
        absent: Callable[[str, str, dict[str, Any]], Any] = strict,
        blank: Callable[[str], str] = lambda _: "<nil>",
        code: int = 1,
    ) -> None:
        self._failure = failure
        # What to do about a field that a document has not got.
        self._absent = absent
        # How a field is printed that is null.
        self._blank = blank
        parse_failure = failure.replace("execute", "parse")
        self._parser = Parser(Lexer(text, parse_failure, code))
        self._body = self._parser.template()

    def run(self, data: object) -> str:
        """Return what the template makes of the data."""
        out: list[str] = []
        run = _Run(out, self._parser.defined, self._absent, self._blank, self._failure)
        run.block(self._body, data, {"$": data})
        return "".join(out)


class _Run:
    """One execution."""

    def __init__(
        self,
        out: list[str],
        defined: dict[str, list[Node]],
        absent: Callable[[str, str, dict[str, Any]], Any],
        blank: Callable[[str], str],
        failure: str,
    ) -> None:
        self._out = out
        self._defined = defined
        self._absent = absent
        self._blank = blank
        self._failure = failure

    def block(self, nodes: list[Node], dot: object, scope: Scope) -> None:
        """Run nodes one after the other; variables they declare end with them."""
        inner = dict(scope)
        for node in nodes:
            self._node(node, dot, inner)
        for name in scope:
            scope[name] = inner[name]

    def _node(self, node: Node, dot: object, scope: Scope) -> None:
        kind = node.kind
        if kind == "text":
            self._out.append(node.parts[0])
        elif kind == "print":
            value = self._pipeline(node.parts[0], dot, scope)
            if not node.parts[0].parts[0]:
                name = node.parts[0].text.rpartition(".")[2]
                self._out.append(self._blank(name) if value is None else shown(value))
        elif kind == "range":
            self._range(node, dot, scope)
        elif kind == "template":
            self._template(node, dot, scope)
        elif kind == "break":
            raise _Break
        elif kind == "continue":
            raise _Continue
        else:
            self._branch(node, dot, scope)

    def _branch(self, node: Node, dot: object, scope: Scope) -> None:
        pipeline, body, otherwise = node.parts
        inner = dict(scope)
        value = self._pipeline(pipeline, dot, inner)
        chosen = body if truth(value) else otherwise
        inner_dot = value if node.kind == "with" and chosen is body else dot
        self.block(chosen, inner_dot, inner)
        for name in scope:
            scope[name] = inner[name]

    def _range(self, node: Node, dot: object, scope: Scope) -> None:
        pipeline, body, otherwise = node.parts
        names = pipeline.parts[0][1:]
        value = self._commands(pipeline, dot, scope)
        pairs = self._pairs(node, pipeline, value)
        for key, one in pairs:
            inner = dict(scope)
            if names:
                inner[names[-1]] = one
                if len(names) > 1:
                    inner[names[0]] = key
            try:
                self.block(body, one, inner)
            except _Break:
                break
            except _Continue:
                continue
            finally:
                for name in scope:
                    scope[name] = inner[name]
        if not pairs:
            self.block(otherwise, dot, scope)

    def _pairs(self, node: Node, pipeline: Node, value: object) -> list[tuple[Any, Any]]:
        if isinstance(value, dict):
            return sorted(value.items())
        if isinstance(value, (list, tuple)):
            return list(enumerate(value))
        if value is None or value is NOTHING:
            return []
        if isinstance(value, int) and not isinstance(value, bool):
            return [(index, index) for index in range(value)]
        raise self._fail(node, pipeline, f"range can't iterate over {shown(value)}")

    def _template(self, node: Node, dot: object, scope: Scope) -> None:
        name, pipeline = node.parts
        if name not in self._defined:
            raise CommandError(f'{self._failure}: template: "{name}" not defined')
        value = self._pipeline(pipeline, dot, scope) if pipeline else None
        self.block(self._defined[name], value, {"$": value})

    def _pipeline(self, node: Node, dot: object, scope: Scope) -> Any:  # noqa: ANN401
        value = self._commands(node, dot, scope)
        for name in node.parts[0][1:]:
            if node.parts[0][0] == "=" and name not in scope:
                raise self._fail(node, node, f"undefined variable {name}")
            scope[name] = value
        return value

    def _commands(self, node: Node, dot: object, scope: Scope) -> Any:  # noqa: ANN401
        piped: list[Any] = []
        for command in node.parts[1]:
            piped = [self._command(command, dot, scope, piped)]
        return piped[0]

    def _command(self, node: Node, dot: object, scope: Scope, piped: list[Any]) -> Any:  # noqa: ANN401
        first, *rest = node.parts[0]
        if first.kind == "function":
            return self._function(node, first, rest, dot, scope, piped)
        value = self._value(first, dot, scope)
        if not callable(value):
            if rest or piped:
                raise self._fail(node, first, f"can't give argument to non-function {first.text}")
            return value
        arguments = [self._value(operand, dot, scope) for operand in rest]
        result = value(*arguments, *piped)
        return "" if result is None else result

    def _function(
        self,
        node: Node,
        first: Node,
        rest: list[Node],
        dot: object,
        scope: Scope,
        piped: list[Any],
    ) -> Any:  # noqa: ANN401
        name = first.parts[0]
        if name in {"and", "or"}:
            # The rest is not looked at once the answer is known.
            value: Any = None
            for operand in rest:
                value = self._value(operand, dot, scope)
                if truth(value) is (name == "or"):
                    return value
            return piped[0] if piped else value
        arguments = [self._value(operand, dot, scope) for operand in rest]
        try:
            return call(name, [*arguments, *piped])
        except Misuse as error:
            raise self._fail(node, node, f"error calling {name}: {error}") from None

    def _value(self, node: Node, dot: object, scope: Scope) -> Any:  # noqa: ANN401
        kind = node.kind
        if kind == "dot":
            return dot
        if kind == "field":
            return self._field(node, node, dot, "", node.parts[0])
        if kind == "variable":
            if node.parts[0] not in scope:
                raise self._fail(node, node, f"undefined variable {node.parts[0]}")
            return scope[node.parts[0]]
        if kind in {"constant", "string"}:
            return node.parts[0]
        if kind == "chain":
            return self._chain(node, dot, scope)
        if kind == "function":
            return self._function(node, node, [], dot, scope, [])
        return self._pipeline(node, dot, scope)

    def _chain(self, node: Node, dot: object, scope: Scope) -> Any:  # noqa: ANN401
        inner, field = node.parts
        value = self._value(inner, dot, scope)
        parent = inner.parts[1].value if inner.kind == "chain" else str(inner.parts[0])
        if value is None:
            raise self._fail(node, node, f'map has no entry for key "{parent}"')
        return self._field(node, node, value, parent, field.value)

    def _field(self, node: Node, quoted: Node, value: object, parent: str, name: str) -> Any:  # noqa: ANN401
        try:
            if isinstance(value, dict):
                return self._entry(value, parent, name)
            if hasattr(value, "field"):
                return value.field(name)
        except Missing as error:
            raise self._fail(node, quoted, str(error)) from None
        except KeyError:
            pass  # a row without this column, said below
        if value is NOTHING:
            return NOTHING
        if value is None:
            raise self._fail(node, quoted, f"nil data; no entry for key {name!r}".replace("'", '"'))
        raise self._fail(node, quoted, f"can't evaluate field {name} in type interface {{}}")

    def _entry(self, value: dict[str, Any], parent: str, name: str) -> Any:  # noqa: ANN401
        if name in value:
            return value[name]
        # Docker's templates see Go's field names, APIVersion and ID; its documents say
        # ApiVersion and Id. Both are in people's scripts.
        folded = name.lower()
        for key in value:
            if key.lower() == folded:
                return value[key]
        return self._absent(parent, name, value)

    def _fail(self, node: Node, quoted: Node, what: str) -> CommandError:
        place = f"template: :{node.line}:{node.column}"
        return CommandError(f'{self._failure}: {place}: executing "" at <{quoted.text}>: {what}')
