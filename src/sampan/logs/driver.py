"""What a log driver promises, and the door to the write side. Read this before any driver.

Words
    stream     1 standard output, 2 standard error; a terminal has only 1
    chunk      bytes as one read(2) of the container's pipe gave them: any length, cut anywhere
    line       bytes up to and including a newline. A line of 16 KiB or more is kept in pieces of
               16 KiB, and what a program left without a newline at its end stays without one
    entry      one line (or piece) with its stream and time, as it is read back
    log        the JSON-able description both sides open: {driver, path, max_size (bytes, -1 for
               no limit), max_file, compress, attrs}; sampan.logs.options makes it

Life
    writer = open_writer(log)           in the monitor, one per running container
    writer.write(1, b"half a li")       nothing is written yet: the line is not whole
    writer.write(1, b"ne\\n")            one record on disk when this returns (not fsynced)
    writer.flush()                      the program has ended: what has no newline is written too
    writer.close()

    reader = open_reader(log)           in the daemon (sampan.logs.reader), any number, any time
    for entry in reader.read(tail=10): ...
    for entry in reader.follow(tail=0): None means nothing more for now: wait for a change in
                                        reader.watch_paths(), then go on

Promises
    A write never raises and never blocks but on the disk: when the disk refuses, the lines are
    lost and that is said once, because a full disk must not stop the container. Files are bounded:
    rotation keeps max_file files of max_size. A writer that was killed in the middle of a record
    costs that record only. A reader sees every line across a rotation while it follows.

The read side lives in sampan.logs.reader: every monitor carries this module, so it must not
import what only the daemon needs. That is also why typing is not imported at run time.
"""

from sampan.errors import InvalidRequest
from sampan.logs.jsonfile.writer import JsonFileWriter
from sampan.logs.local.writer import LocalWriter
from sampan.logs.none import NoneWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, Protocol

    from sampan.logs.entry import Entry, Run
else:
    Protocol = object

WRITERS: "dict[str, Callable[[Mapping[str, Any]], Writer]]" = {
    "json-file": JsonFileWriter,
    "local": LocalWriter,
    "none": NoneWriter,
}


class Writer(Protocol):
    """The write side of one container's log."""

    def write(self, stream: int, data: bytes) -> None:
        """Take one chunk; whole lines are on disk when this returns."""

    def flush(self) -> None:
        """Write what has no newline yet, of both streams."""

    def close(self) -> None:
        """Flush and let go of the files. The writer is of no use after."""


class Reader(Protocol):
    """The read side of one container's log."""

    def read(
        self,
        since: str = "",
        until: str = "",
        tail: int = -1,
        *,
        stdout: bool = True,
        stderr: bool = True,
    ) -> "Iterator[Entry]":
        """Entries there are now, oldest first.

        since and until are times as Entry has them, both included, "" for no bound; tail is how
        many of the last lines of the wanted streams, -1 for all.
        """

    def follow(
        self,
        since: str = "",
        until: str = "",
        tail: int = -1,
        *,
        stdout: bool = True,
        stderr: bool = True,
    ) -> "Iterator[Entry | None]":
        """As read, then None whenever there is nothing more for now; ends after `until`."""

    def runs(
        self,
        since: str = "",
        until: str = "",
        tail: int = -1,
        *,
        stdout: bool = True,
        stderr: bool = True,
        follow: bool = False,
    ) -> "Iterator[list[Run]]":
        """As read or follow, in runs of lines and without ever looking at one: the fast way.

        [] stands for follow's None.
        """

    def watch_paths(self) -> list[str]:
        """Directories where any event may mean that follow has more."""


def open_writer(log: "Mapping[str, Any]") -> Writer:
    """Open the write side of a log; OSError when its file cannot be made."""
    driver = log["driver"]
    if driver not in WRITERS:
        raise InvalidRequest(f"logger: no log driver named '{driver}' is registered")
    return WRITERS[driver](log)
