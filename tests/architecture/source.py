"""The source tree as the shape tests see it."""

import ast
import functools
import pathlib
from collections.abc import Iterator

REPOSITORY = pathlib.Path(__file__).parents[2]
SRC = REPOSITORY / "src" / "sampan"
FILES = sorted(SRC.rglob("*.py"))


def name(path: pathlib.Path) -> str:
    """A file's name in test ids and lists: relative to src/sampan."""
    return str(path.relative_to(SRC))


@functools.cache
def parsed(path: pathlib.Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(text(path), str(path))


@functools.cache
def text(path: pathlib.Path) -> str:
    """A file's text."""
    return path.read_text()


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string in the code, docstrings left out."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.value
