"""Which of a container's labels and variables go into each of its log lines. Pure.

The options labels, labels-regex, env, env-regex and tag of the json-file driver; shown by
`docker logs --details`.
"""

import re
from collections.abc import Iterable, Mapping

from sampan.errors import InvalidRequest

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def chosen(
    options: Mapping[str, str],
    *,
    labels: Mapping[str, str],
    environment: Iterable[str],
    words: Mapping[str, str],
) -> dict[str, str]:
    """Return the attributes; `words` are what a tag may name: ID, FullID, Name, ImageName, …"""
    variables = dict(entry.split("=", 1) for entry in environment if "=" in entry)
    attrs = {
        **_pick(options, "labels", labels),
        **_pick(options, "env", variables),
    }
    if options.get("tag"):
        attrs["tag"] = render_tag(options["tag"], words)
    return attrs


def render_tag(template: str, words: Mapping[str, str]) -> str:
    """Fill in {{.Name}} and its like."""

    def word(match: re.Match[str]) -> str:
        name = match[1].removeprefix(".")
        if name not in words:
            raise InvalidRequest(f"invalid log tag template '{template}': no field {match[1]}")
        return words[name]

    return FIELD.sub(word, template)


def _pick(options: Mapping[str, str], option: str, values: Mapping[str, str]) -> dict[str, str]:
    names = {name.strip() for name in options.get(option, "").split(",")}
    pattern = options.get(f"{option}-regex", "")
    try:
        matches = re.compile(pattern).search if pattern else None
    except re.error as error:
        raise InvalidRequest(f"invalid {option}-regex '{pattern}': {error}") from error
    return {
        name: value
        for name, value in values.items()
        if name in names or (matches is not None and matches(name))
    }
