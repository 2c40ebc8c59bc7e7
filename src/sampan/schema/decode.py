"""Reading documents as Docker's clients send them, which is as Go would read them.

Go's decoder takes null for "not given" on every field, and Docker takes one string where it
wants a list of strings (Cmd, Entrypoint). msgspec takes neither, so a document that does not
fit as it stands is mended once, along the type, and read again.
"""

import re
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from sampan.errors import InvalidRequest

T = TypeVar("T", bound=msgspec.Struct)

JsonValue = Any

INT64 = 1 << 63
LONG_NUMBER = re.compile(rb"[0-9]{19}")


def decode(body: bytes, kind: type[T]) -> T:
    """Read a JSON document as `kind`; InvalidRequest when it cannot be."""
    try:
        if LONG_NUMBER.search(body):
            _refuse_numbers_beyond_int64(msgspec.json.decode(body))
        return _decode(body, kind)
    except msgspec.DecodeError as error:
        raise InvalidRequest(f"invalid JSON: {error}") from error
    except RecursionError as error:
        raise InvalidRequest("invalid JSON: nested too deep") from error


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError:
        return msgspec.convert(_mend(msgspec.json.decode(body), kind), kind, strict=False)


def _refuse_numbers_beyond_int64(value: JsonValue) -> None:
    """Python's integers have no end, but those of Docker's documents and of the kernel have."""
    if isinstance(value, int) and not -INT64 <= value < INT64:
        raise InvalidRequest(f"invalid JSON: number {value} does not fit into 64 bits")
    if isinstance(value, Mapping):
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        _refuse_numbers_beyond_int64(each)


def _mend(value: JsonValue, kind: Any) -> JsonValue:  # noqa: ANN401 - a type expression
    """Return value with Go's liberties taken out, as far as `kind` tells."""
    kind = _without_none(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if value is None:
            return {}
        return _mend_struct(value, kind) if isinstance(value, Mapping) else value
    origin = get_origin(kind)
    if origin is list:
        item = get_args(kind)[0]
        if isinstance(value, str) and item is str:
            return [value]
        return [_mend(each, item) for each in value] if isinstance(value, list) else value
    if origin is dict and isinstance(value, Mapping):
        item = get_args(kind)[1]
        if item is str:
            return {key: "" if each is None else each for key, each in value.items()}
        return {key: _mend_kept(each, item) for key, each in value.items()}
    return value


def _mend_kept(value: JsonValue, kind: Any) -> JsonValue:  # noqa: ANN401 - a type expression
    """Mend a map's value; null stays where the type has a place for it."""
    return value if value is None and type(None) in get_args(kind) else _mend(value, kind)


def _mend_struct(value: Mapping[str, JsonValue], kind: type[msgspec.Struct]) -> JsonValue:
    hints = typing.get_type_hints(kind)
    wire = {field.encode_name: hints[field.name] for field in msgspec.structs.fields(kind)}
    return {
        key: _mend(each, wire[key])
        for key, each in value.items()
        if key in wire and each is not None
    }


def _without_none(kind: Any) -> Any:  # noqa: ANN401 - a type expression
    if get_origin(kind) in {typing.Union, types.UnionType}:
        rest = [each for each in get_args(kind) if each is not type(None)]
        return rest[0] if len(rest) == 1 else kind
    return kind
