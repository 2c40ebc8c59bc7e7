"""Values as Go prints them with %v: maps, lists, nil. Pure."""

from __future__ import annotations


class Nothing:
    """What a map answers for a key it has not: prints as <no value>, and is false."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "<no value>"


NOTHING = Nothing()


def shown(value: object) -> str:
    """Return the text that {{.}} prints."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "<nil>"
    if value is NOTHING:
        return "<no value>"
    if isinstance(value, dict):
        inner = " ".join(f"{key}:{shown(one)}" for key, one in sorted(value.items()))
        return f"map[{inner}]"
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(shown(one) for one in value)}]"
    if isinstance(value, float):
        return floating(value)
    if hasattr(value, "document"):
        return "{" + " ".join(shown(one) for one in value.document().values()) + "}"
    return str(value)


def floating(value: float) -> str:
    """Return a number as Go's %v does: shortest, exponents from 1e+21 on."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return text
    sign = exponent[0] if exponent[0] in "+-" else "+"
    return f"{mantissa.removesuffix('.0')}e{sign}{exponent.lstrip('+-').zfill(2)}"
