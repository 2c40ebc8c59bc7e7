"""The `filters` parameter: JSON in either of Docker's two forms. Pure.

{"label": ["a=b"]} is the form since API 1.22; {"label": {"a=b": true}} is what most clients
send nevertheless. Which names a screen knows is the engine's business.
"""

from typing import Any

import msgspec

from sampan.errors import InvalidRequest


def parse_filters(text: str) -> dict[str, list[str]]:
    """Filters by name; empty when none are given."""
    if not text:
        return {}
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidRequest(f"invalid filter: {error}") from error
    except RecursionError as error:
        raise InvalidRequest("invalid filter: nested too deep") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise InvalidRequest("invalid filter: not an object")
    return {name: _values(name, values) for name, values in document.items()}


def _values(name: str, values: Any) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(values, dict):
        return [value for value, wanted in values.items() if wanted]
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        return values
    raise InvalidRequest(f"invalid filter: {name} is neither a list nor a set of words")
