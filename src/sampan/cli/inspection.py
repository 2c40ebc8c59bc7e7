"""inspect, for every noun: documents as the daemon wrote them, or through a template.

    inspect(context, names, (CONTAINER, IMAGE, …), format)

Kinds are tried in order until one knows the name, as `sampan inspect` promises.
"""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.load import load
from sampan.client.errors import ApiError
from sampan.client.jsontext import indent, loads
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sampan.cli.context import Context

CONTAINER = ("container", "/containers/{}/json")
IMAGE = ("image", "/images/{}/json")
NETWORK = ("network", "/networks/{}")
VOLUME = ("volume", "/volumes/{}")
KINDS = (CONTAINER, IMAGE, NETWORK, VOLUME)


def inspect(
    context: Context,
    names: Sequence[str],
    kinds: Sequence[tuple[str, str]],
    format_: str,
    *,
    size: bool = False,
    values: dict[str, object] | None = None,
) -> int:
    """Print what is known of each name; 1 when one of them is nothing."""
    found = []
    failures = []
    for name in names:
        try:
            found.append(_find(context, name, kinds, values or {}, size=size))
        except (ApiError, CommandError) as error:
            failures.append(str(error))
    text, failure = _texts(found, format_)
    context.out.write(text)
    if failure is not None:
        raise failure
    for line in failures:
        context.err.line(line)
    return 1 if failures else 0


def _texts(found: list[str], format_: str) -> tuple[str, CommandError | None]:
    if not format_:
        return f"{_listed(found)}\n", None
    if format_ == "json":
        return f"[{','.join(document.strip() for document in found)}]\n", None
    template = load("sampan.cli.format.documents").template(format_)
    lines = []
    for document in found:
        try:
            lines.append(template.run(loads(document)))
        except CommandError as error:
            # What was printed before stays, as with Docker, and so does the line's end.
            return "".join(f"{line}\n" for line in [*lines, ""]), error
    return "".join(f"{line}\n" for line in lines), None


def _listed(found: list[str]) -> str:
    if not found:
        return "[]"
    inner = ",\n    ".join(indent(document, prefix="    ") for document in found)
    return f"[\n    {inner}\n]"


def _find(
    context: Context,
    name: str,
    kinds: Sequence[tuple[str, str]],
    values: dict[str, object],
    *,
    size: bool,
) -> str:
    for kind, route in kinds:
        query = {**values, "size": True} if size and kind == "container" else values
        try:
            data = context.client.raw("GET", route.format(segment(name)), query)
        except ApiError as error:
            if error.status != 404 or len(kinds) == 1:
                raise
        else:
            return data.decode("utf-8", "replace")
    raise CommandError(f"Error: No such object: {name}")
