"""Values of options: from the text of a flag and from JSON. Pure.

A kind has two readers: `add` takes one flag's text and what earlier flags gave, `take` checks
what the configuration file holds. Both raise ValueError with what was expected.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

TRUE = {"1", "t", "true"}
FALSE = {"0", "f", "false"}
LEVELS = ("debug", "info", "warn", "error", "fatal")
FORMATS = ("text", "json")
UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


class Kind(NamedTuple):
    """How values of one kind are read."""

    add: Callable[[Any, str], Any]
    take: Callable[[Any], Any]


def flag(text: str) -> bool:
    """A boolean as Go's strconv.ParseBool takes it, near enough."""
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError("must be true or false")


def size(value: str | int) -> int:
    """A number of bytes, with or without a unit."""
    if isinstance(value, int):
        return value
    text = value.strip().lower().removesuffix("ib")
    text = text.removesuffix("b") if text[-2:-1].isalpha() else text
    unit = text[-1:] if text[-1:].isalpha() else ""
    number = text.removesuffix(unit)
    if unit not in UNITS or not number.isdigit():
        raise ValueError("must be a size, as in 64m")
    return int(number) * UNITS[unit]


def ulimit(text: str) -> dict[str, Any]:
    """`nofile=1024:2048` as Docker's document."""
    name, separator, limits = text.partition("=")
    soft, _, hard = limits.partition(":")
    try:
        low, high = int(soft), int(hard or soft)
    except ValueError:
        separator = ""
        low = high = 0
    if not separator or not name:
        raise ValueError("must be name=soft[:hard]")
    if high != -1 and (low == -1 or low > high):
        raise ValueError(f"soft limit {low} is above hard limit {high}")
    return {"Name": name, "Soft": low, "Hard": high}


def pool(text: str) -> dict[str, Any]:
    """`base=172.30.0.0/16,size=24` as Docker's document."""
    parts = dict(part.partition("=")[::2] for part in text.split(","))
    if set(parts) != {"base", "size"} or not parts["size"].isdigit():
        raise ValueError("must be base=<subnet>,size=<prefix length>")
    return {"base": parts["base"], "size": int(parts["size"])}


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise ValueError("must be key=value")
    return key, value


def _add_pair(old: dict[str, str], text: str) -> dict[str, str]:
    key, value = _pair(text)
    return {**old, key: value}


def _add_ulimit(old: dict[str, Any], text: str) -> dict[str, Any]:
    found = ulimit(text)
    return {**old, found["Name"]: found}


def _add_runtime(old: dict[str, Any], text: str) -> dict[str, Any]:
    name, path = _pair(text)
    return {**old, name: {"path": path}}


def _one_of(words: tuple[str, ...]) -> Kind:
    def take(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return Kind(lambda _old, text: take(text), take)


def _is(kind: type, name: str) -> Callable[[Any], Any]:
    def take(value: object) -> object:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValueError(f"must be {name}")
        return value

    return take


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of strings")
    return value


def _map(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("must be an object of strings")
    return {
        key: str(item).lower() if isinstance(item, bool) else str(item)
        for key, item in value.items()
    }


def _objects(value: object) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
        raise ValueError("must be an object of objects")
    return value


def _pools(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise ValueError("must be a list of {base, size}")
    for item in value:
        if not isinstance(item, dict) or set(item) != {"base", "size"}:
            raise ValueError("must be a list of {base, size}")
    return value


def _number(_old: int, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("must be a number") from None


def _flag_only(_old: object, _text: str) -> object:
    raise ValueError("can be given in the configuration file only")


KINDS = {
    "text": Kind(lambda _old, text: text, _is(str, "a string")),
    "flag": Kind(lambda _old, text: flag(text), _is(bool, "true or false")),
    "int": Kind(_number, _is(int, "a number")),
    "size": Kind(lambda _old, text: size(text), size),
    "list": Kind(lambda old, text: [*old, text], _texts),
    "map": Kind(_add_pair, _map),
    "ulimits": Kind(_add_ulimit, _objects),
    "runtimes": Kind(_add_runtime, _objects),
    "pools": Kind(lambda old, text: [*old, pool(text)], _pools),
    "level": _one_of(LEVELS),
    "format": _one_of(FORMATS),
    "object": Kind(_flag_only, _is(dict, "an object")),
}
