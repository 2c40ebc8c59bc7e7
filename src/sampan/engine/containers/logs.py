"""Read a container's log, and follow it."""

import os
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import msgspec

from sampan.base import clock
from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.follow import Changes
from sampan.engine.lifecycle import bundle
from sampan.engine.streams import LogStream
from sampan.errors import InvalidRequest
from sampan.logs.entry import Run
from sampan.logs.reader import open_reader
from sampan.state.containers import Container

CHUNK = 256 << 10


async def logs(
    engine: Engine,
    ref: str,
    *,
    stdout: bool = False,
    stderr: bool = False,
    since: str = "",
    until: str = "",
    timestamps: bool = False,
    tail: str = "all",
    follow: bool = False,
    details: bool = False,
) -> LogStream:
    """Read a log. Times are RFC 3339 or UNIX seconds with a fraction, as the API takes them."""
    if not (stdout or stderr):
        raise InvalidRequest("Bad parameters: you must choose at least one stream")
    container = find.container(engine, ref)
    log = bundle.log(engine, container)
    reader = open_reader(log)
    runs = reader.runs(
        moment(since),
        moment(until),
        _tail(tail),
        stdout=stdout,
        stderr=stderr,
        follow=follow,
    )
    form = Form(tty=container.config.tty, timestamps=timestamps, details=details)
    if follow:
        chunks = _follow(engine, container, runs, reader.watch_paths(), form)
    else:
        chunks = _read(engine, runs, form)
    return LogStream(container.config.tty, chunks)


def moment(text: str) -> str:
    """Turn the API's idea of a time into RFC 3339; "" and 0 are no bound."""
    if text in {"", "0"}:
        return ""
    seconds, _, fraction = text.partition(".")
    try:
        if seconds.isdecimal() and (not fraction or fraction.isdecimal()):
            rest = int((fraction + "000000000")[:9])
            return clock.text(int(seconds) * clock.NANO + rest)
        return clock.text(clock.nanoseconds(text))
    except (ValueError, OverflowError, OSError) as error:  # no time, or none the C library knows
        raise InvalidRequest(f"invalid time: {text}") from error


def _tail(text: str) -> int:
    # Docker takes everything that is no number for "all".
    return int(text) if text.isdecimal() and len(text) < 19 else -1


class Form:
    """How runs of lines go on the wire."""

    def __init__(self, *, tty: bool, timestamps: bool, details: bool) -> None:
        self._tty = tty
        self._timestamps = timestamps
        self._details = details

    def pack(self, run: Run) -> bytes:
        """Return a run's bytes, in frames unless it is a terminal's."""
        if not (self._timestamps or self._details):
            return self._frame(run.stream, run.text)
        head = b""
        if self._timestamps:
            head = run.time.encode() + b" "
        if self._details:
            head += _details(run.attrs)
        lines = (entry.line for entry in run.entries())
        return b"".join(self._frame(run.stream, head + line) for line in lines)

    def _frame(self, stream: int, text: bytes) -> bytes:
        if self._tty:
            return text
        return bytes((stream, 0, 0, 0)) + len(text).to_bytes(4, "big") + text


def _details(attributes: bytes) -> bytes:
    """Return a log's attributes as Docker shows them before the line."""
    found: dict[str, str] = msgspec.json.decode(attributes) if attributes else {}
    pairs = (f"{quote(key)}={quote(value)}" for key, value in sorted(found.items()))
    return ",".join(pairs).encode() + b" "


def _take(runs: Iterator[list[Run]], form: Form) -> tuple[bytes, bool]:
    """Pack runs until there are enough for one write, no more for now, or none at all."""
    packed = bytearray()
    for block in runs:
        if not block:
            return bytes(packed), False
        for run in block:
            packed += form.pack(run)
        if len(packed) >= CHUNK:
            return bytes(packed), False
    return bytes(packed), True


async def _read(engine: Engine, runs: Iterator[list[Run]], form: Form) -> AsyncIterator[bytes]:
    ended = False
    while not ended:
        chunk, ended = await engine.threads.disk(_take, runs, form)
        if chunk:
            yield chunk


async def _follow(
    engine: Engine,
    container: Container,
    runs: Iterator[list[Run]],
    directories: list[str],
    form: Form,
) -> AsyncIterator[bytes]:
    """Read on until the program has ended and everything it wrote was passed on."""
    live = engine.live(container.id)
    for directory in directories:
        os.makedirs(directory, mode=0o710, exist_ok=True)
    with Changes(directories) as changes:
        live.on_end.add(changes.wake)
        try:
            ended = False
            while not ended:
                # Asked before reading: what was written before the end is on disk by then.
                over = _is_over(engine, container)
                chunk, ended = await engine.threads.disk(_take, runs, form)
                if chunk:
                    yield chunk
                elif over:
                    return
                else:
                    await changes.wait()
        finally:
            live.on_end.discard(changes.wake)


def _is_over(engine: Engine, container: Container) -> bool:
    """Whether nothing more will be written: ended for good, or removed."""
    return container.id not in engine.containers or not container.state.running
