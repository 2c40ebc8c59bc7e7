"""Changes to a config, written like lines of a Dockerfile (`-c` of commit and import). Pure.

The same instructions as Docker allows there: what runs or copies something is not among them.
"""

import re
import shlex
from typing import Any

import msgspec

from sampan.errors import InvalidRequest

Config = dict[str, Any]

_LINE = re.compile(r"\s*(\S+)(?:\s+(.*))?\Z", re.DOTALL)
_VARIABLE = re.compile(r"\\(\$)|\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))")
_PORT = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(tcp|udp|sctp))?\Z", re.IGNORECASE)
_UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)")
SHELL = ["/bin/sh", "-c"]


def apply(config: Config, changes: list[str]) -> Config:
    """Return the config with all changes made, in their order."""
    config = dict(config)
    for text in changes:
        for line in text.splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                _change(config, line)
    return config


def _change(config: Config, line: str) -> None:
    match = _LINE.match(line)
    assert match is not None
    word, rest = match[1].upper(), (match[2] or "").strip()
    method = _METHODS.get(word)
    if method is None:
        raise InvalidRequest(f"{match[1].lower()} is not a valid change command")
    if not rest and word not in {"CMD", "ENTRYPOINT"}:
        raise InvalidRequest(f"{word} requires at least one argument")
    method(config, rest)


def _exec(config: Config, rest: str) -> list[str]:
    """Read a command: a JSON list as it is, anything else for the shell."""
    listed = _json_list(rest)
    if listed is not None:
        return listed
    return [*(config.get("Shell") or SHELL), rest] if rest else []


def _json_list(rest: str) -> list[str] | None:
    try:
        return msgspec.json.decode(rest, type=list[str])
    except (msgspec.MsgspecError, RecursionError):
        return None


def _cmd(config: Config, rest: str) -> None:
    config["Cmd"] = _exec(config, rest) or None


def _entrypoint(config: Config, rest: str) -> None:
    config["Entrypoint"] = _exec(config, rest) or None


def _env(config: Config, rest: str) -> None:
    known = dict(item.partition("=")[::2] for item in config.get("Env") or ())
    known.update(_pairs(config, "ENV", rest))
    config["Env"] = [f"{key}={value}" for key, value in known.items()]


def _label(config: Config, rest: str) -> None:
    config["Labels"] = {**(config.get("Labels") or {}), **_pairs(config, "LABEL", rest)}


def _pairs(config: Config, word: str, rest: str) -> dict[str, str]:
    """Read `key=value …`, or the old form `key value with blanks`."""
    first = rest.split(None, 1)
    if "=" not in first[0]:
        if len(first) < 2:
            raise InvalidRequest(f"{word} must have two arguments")
        return {first[0]: _expand(config, first[1])}
    pairs = {}
    for item in _words(_expand(config, rest)):
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise InvalidRequest(
                f"syntax error - can't find = in {item!r}. Must be of the form: name=value"
            )
        pairs[key] = value
    return pairs


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InvalidRequest(f"syntax error in change {text!r}: {error}") from None


def _expand(config: Config, text: str) -> str:
    """Replace $name and ${name}, ${name:-default}, ${name:+other} by the image's environment."""
    known = dict(item.partition("=")[::2] for item in config.get("Env") or ())

    def value(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        found = known.get(match[2] or match[5], "")
        if match[3] == "-":
            return found or match[4]
        return (match[4] if found else "") if match[3] == "+" else found

    return _VARIABLE.sub(value, text)


def _expose(config: Config, rest: str) -> None:
    ports = dict(config.get("ExposedPorts") or {})
    for item in _expand(config, rest).split():
        match = _PORT.match(item)
        low = int(match[1]) if match else 0
        high = int(match[2] or low) if match else 0
        if match is None or not 0 < low <= high <= 65535:
            raise InvalidRequest(f"invalid containerPort: {item}")
        for port in range(low, high + 1):
            ports[f"{port}/{(match[3] or 'tcp').lower()}"] = {}
    config["ExposedPorts"] = ports


def _user(config: Config, rest: str) -> None:
    config["User"] = _expand(config, rest)


def _volume(config: Config, rest: str) -> None:
    listed = _json_list(rest)
    paths = _words(_expand(config, rest)) if listed is None else listed
    if not all(path.strip() for path in paths):
        raise InvalidRequest("VOLUME specified can not be an empty string")
    config["Volumes"] = {**(config.get("Volumes") or {}), **{path.strip(): {} for path in paths}}


def _workdir(config: Config, rest: str) -> None:
    path = _expand(config, rest)
    if not path.startswith("/"):
        path = f"{config.get('WorkingDir') or '/'}/{path}"
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts[-1:] = []
        elif part not in {"", "."}:
            parts.append(part)
    config["WorkingDir"] = "/" + "/".join(parts)


def _onbuild(config: Config, rest: str) -> None:
    trigger = rest.split(None, 1)[0].upper()
    if trigger == "ONBUILD":
        raise InvalidRequest("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
    if trigger in {"MAINTAINER", "FROM"}:
        raise InvalidRequest(f"{trigger} isn't allowed as an ONBUILD trigger")
    config["OnBuild"] = [*(config.get("OnBuild") or ()), rest]


def _stopsignal(config: Config, rest: str) -> None:
    config["StopSignal"] = _expand(config, rest)


def _healthcheck(config: Config, rest: str) -> None:
    check: dict[str, Any] = {}
    while rest.startswith("--"):
        option, _, rest = rest.partition(" ")
        rest = rest.lstrip()
        name, _, value = option[2:].partition("=")
        if name == "retries" and value.isdigit():
            check["Retries"] = int(value)
        elif name in _INTERVALS:
            check[_INTERVALS[name]] = _nanoseconds(name, value)
        else:
            raise InvalidRequest(f"unknown flag: {name}")
    kind, _, command = rest.partition(" ")
    if kind.upper() == "NONE":
        config["Healthcheck"] = {"Test": ["NONE"]}
        return
    if kind.upper() != "CMD" or not command.strip():
        raise InvalidRequest(f'Unknown type "{kind}" in HEALTHCHECK (try CMD)')
    listed = _json_list(command.strip())
    test = ["CMD-SHELL", command.strip()] if listed is None else ["CMD", *listed]
    config["Healthcheck"] = {"Test": test, **check}


_INTERVALS = {
    "interval": "Interval",
    "timeout": "Timeout",
    "start-period": "StartPeriod",
    "start-interval": "StartInterval",
}


def _nanoseconds(name: str, text: str) -> int:
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise InvalidRequest(f"invalid duration {text!r} for --{name}")
    return int(sum(float(number) * _UNITS[unit] for number, unit in parts))


_METHODS = {
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "ONBUILD": _onbuild,
    "STOPSIGNAL": _stopsignal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
