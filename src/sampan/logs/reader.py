"""The door to the read side: which reader for which driver."""

from collections.abc import Callable, Mapping
from typing import Any

from sampan.errors import InvalidRequest, NotImplemented_
from sampan.logs.driver import Reader
from sampan.logs.filereader import FileReader
from sampan.logs.jsonfile.format import JsonFileFormat
from sampan.logs.local.format import LocalFormat

FORMATS: dict[str, Callable[[], JsonFileFormat | LocalFormat]] = {
    "json-file": JsonFileFormat,
    "local": LocalFormat,
}


def open_reader(log: Mapping[str, Any]) -> Reader:
    """Open the read side of a log; its file need not exist yet."""
    driver = log["driver"]
    if driver == "none":
        raise NotImplemented_("configured logging driver does not support reading")
    if driver not in FORMATS:
        raise InvalidRequest(f"logger: no log driver named '{driver}' is registered")
    return FileReader(log["path"], FORMATS[driver]())
