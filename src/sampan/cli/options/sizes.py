"""Sizes as users write them (64m, 1.5GiB) to bytes, by the rules of docker/go-units. Pure."""

from __future__ import annotations

STEPS = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def parse(text: str) -> int:
    """Read a size in powers of 1024; ValueError in go-units' words."""
    end = max((text.rfind(mark) for mark in "0123456789. "), default=-1)
    if end < 0:
        raise ValueError(f"invalid size: '{text}'")
    number = text[:end] if text[end] == " " else text[: end + 1]
    suffix = text[end + 1 :].lower()
    try:
        value = float(number)
    except ValueError:
        raise ValueError(f'strconv.ParseFloat: parsing "{number}": invalid syntax') from None
    if value < 0:
        raise ValueError(f"invalid size: '{text}'")
    return int(value * _factor(suffix))


def parse_swap(text: str) -> int:
    """Read a size or -1, which means no limit."""
    return -1 if text == "-1" else parse(text)


def _factor(suffix: str) -> int:
    if suffix in {"", "b"}:
        return 1
    step = STEPS.get(suffix[0])
    if step is None or suffix[1:] not in {"", "b", "ib"}:
        raise ValueError(f"invalid suffix: '{suffix}'")
    return int(1024**step)
