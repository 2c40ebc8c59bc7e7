"""--format of one document, as version and info take it: json, or a template. Pure."""

from __future__ import annotations

from sampan.cli.format.template import Template
from sampan.client.jsontext import dumps


def render(document: object, format_: str) -> str:
    """Return the document as the format makes it, with a newline."""
    if format_ == "json":
        return dumps(document) + "\n"
    return Template(format_).run(document) + "\n"
