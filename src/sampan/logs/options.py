"""Log options as users write them (--log-opt, daemon.json), checked and made into a description.

    description("json-file", {"max-size": "10m"}, path="/…/x-json.log", attrs={}) -> {...}

Used when a container is created (to refuse what makes no sense) and when it is started.
"""

import re
from collections.abc import Mapping
from typing import Any

from sampan.errors import InvalidRequest

# Bounded by default, unlike Docker's json-file: a container that talks a lot must not fill the
# disk. local's are Docker's (moby, daemon/logger/local).
DEFAULTS: dict[str, dict[str, Any]] = {
    "json-file": {"max_size": 20 << 20, "max_file": 3, "compress": False},
    "local": {"max_size": 20 << 20, "max_file": 5, "compress": True},
    "none": {"max_size": -1, "max_file": 1, "compress": False},
}
# mode and max-buffer-size are taken for every driver, as with Docker. They say what happens when
# a remote log server is slow; a file is never slow in that way, so nothing depends on them.
EVERYWHERE = ("mode", "max-buffer-size")
KNOWN = {
    "json-file": ("max-file", "max-size", "compress", "labels", "labels-regex")
    + ("env", "env-regex", "tag"),
    "local": ("max-file", "max-size", "compress"),
    # Docker lets anything pass for none.
    "none": None,
}
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?", re.IGNORECASE)
POWERS = {letter: 1024**power for power, letter in enumerate(("", "k", "m", "g", "t", "p"))}
TRUE = ("1", "t", "T", "true", "TRUE", "True")
FALSE = ("0", "f", "F", "false", "FALSE", "False")


def check(driver: str, options: Mapping[str, str]) -> None:
    """Raise InvalidRequest with the reason when a container cannot log so."""
    description(driver, options, path="", attrs={})


def description(
    driver: str, options: Mapping[str, str], *, path: str, attrs: Mapping[str, str]
) -> dict[str, Any]:
    """Return what open_writer and open_reader take; `path` is where json-file would write."""
    if driver not in KNOWN:
        raise InvalidRequest(f"logger: no log driver named '{driver}' is registered")
    known = KNOWN[driver]
    for name in sorted(options):
        if known is not None and name not in known and name not in EVERYWHERE:
            raise InvalidRequest(f"unknown log opt '{name}' for {driver} log driver")
    _check_mode(options)
    log: dict[str, Any] = {"driver": driver, "path": path, **DEFAULTS[driver]}
    if known is not None:
        log.update(_bounds(driver, options))
    log["attrs"] = dict(attrs) if driver == "json-file" else {}
    return log


def _bounds(driver: str, options: Mapping[str, str]) -> dict[str, Any]:
    bounds = dict(DEFAULTS[driver])
    if "max-size" in options:
        bounds["max_size"] = _size(options["max-size"])
    if "max-file" in options:
        bounds["max_file"] = _count(options["max-file"])
    if "compress" in options:
        bounds["compress"] = _flag("compress", options["compress"])
        if bounds["compress"] and (bounds["max_file"] < 2 or bounds["max_size"] < 0):
            raise InvalidRequest(
                "compress cannot be true when max-file is less than 2 or max-size is not set"
            )
    if bounds["max_file"] < 2:
        bounds["compress"] = False
    return bounds


def _size(text: str) -> int:
    if text == "-1":
        return -1
    match = SIZE.fullmatch(text.strip())
    size = int(float(match[1]) * POWERS[match[2].lower()]) if match else 0
    if size <= 0:
        raise InvalidRequest(f"invalid value for max-size: '{text}' is not a size like 10m, or -1")
    return size


def _count(text: str) -> int:
    if not text.isdecimal():
        raise InvalidRequest(f"invalid value for max-file: '{text}' is not a number")
    if int(text) < 1:
        raise InvalidRequest("max-file cannot be less than 1")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text not in TRUE + FALSE:
        raise InvalidRequest(f"invalid value for {name}: '{text}' is neither true nor false")
    return text in TRUE


def _check_mode(options: Mapping[str, str]) -> None:
    mode = options.get("mode", "")
    if mode not in ("", "blocking", "non-blocking"):
        raise InvalidRequest(f"logger: logging mode not supported: {mode}")
    if "max-buffer-size" in options:
        if mode != "non-blocking":
            raise InvalidRequest(
                "logger: max-buffer-size option is only supported with 'mode=non-blocking'"
            )
        _size(options["max-buffer-size"])
