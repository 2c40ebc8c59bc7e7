"""Reading a log back from its files, whatever their format: tail, bounds, following.

What a record looks like is a Format's business (jsonfile/format.py, local/format.py); which
files there are, sampan.logs.sources'.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from sampan.logs.entry import Entry, Run
from sampan.logs.sources import Source, close_sources, open_sources, rotated

BLOCK = 262144


class Format(Protocol):
    """How runs lie in a file."""

    def decode(self, data: bytes) -> tuple[list[Run], int]:
        """Return the runs of the whole records at the start of data, and their length."""

    def end(self, fd: int, size: int) -> int:
        """Return the boundary after the last whole record."""

    def back(self, fd: int, end: int, length: int) -> int:
        """Return a record boundary about `length` bytes before the boundary `end`, or 0."""

    def seek(self, fd: int, size: int, since: str) -> int:
        """Return a record boundary before which nothing is as late as since."""


class Wanted(NamedTuple):
    """Which runs to show."""

    since: str
    until: str
    streams: frozenset[int]

    def select(self, runs: list[Run]) -> list[Run]:
        """Keep what is wanted, but for `until`: that one ends the reading."""
        if self.since and runs and runs[0].time < self.since:
            runs = [run for run in runs if run.time >= self.since]
        if len(self.streams) < 2:
            runs = [run for run in runs if run.stream in self.streams]
        return runs

    def is_over(self, runs: list[Run]) -> bool:
        """Whether the last of them is past until."""
        return bool(self.until and runs and runs[-1].time > self.until)


class Start(NamedTuple):
    """Where to begin: a file, a boundary in it, and how many wanted lines to drop from there."""

    file: int
    offset: int
    surplus: int


class FileReader:
    """See sampan.logs.driver.Reader."""

    def __init__(self, path: str, form: Format) -> None:
        self._path = path
        self._format = form

    def watch_paths(self) -> list[str]:
        """One directory: its events cover writing to the file as well as rotation."""
        return [os.path.dirname(self._path) or "."]

    def read(
        self,
        since: str = "",
        until: str = "",
        tail: int = -1,
        *,
        stdout: bool = True,
        stderr: bool = True,
    ) -> Iterator[Entry]:
        """Entries there are now, oldest first."""
        for runs in self.runs(since, until, tail, stdout=stdout, stderr=stderr):
            for run in runs:
                yield from run.entries()

    def follow(
        self,
        since: str = "",
        until: str = "",
        tail: int = -1,
        *,
        stdout: bool = True,
        stderr: bool = True,
    ) -> Iterator[Entry | None]:
        """Entries, and None whenever there are no more for now."""
        for runs in self.runs(since, until, tail, stdout=stdout, stderr=stderr, follow=True):
            if not runs:
                yield None
            for run in runs:
                yield from run.entries()

    def runs(
        self,
        since: str = "",
        until: str = "",
        tail: int = -1,
        *,
        stdout: bool = True,
        stderr: bool = True,
        follow: bool = False,
    ) -> Iterator[list[Run]]:
        """Runs, block by block; [] is follow's None."""
        streams = frozenset(({1} if stdout else set()) | ({2} if stderr else set()))
        wanted = Wanted(since, until, streams)
        walk = _Walk(self._path, self._format)
        try:
            yield from self._runs(walk, wanted, tail, follow=follow)
        finally:
            walk.close()

    def _runs(
        self, walk: "_Walk", wanted: Wanted, tail: int, *, follow: bool
    ) -> Iterator[list[Run]]:
        surplus = walk.begin(wanted, tail)
        while True:
            runs = walk.step()
            if runs is None:
                if not follow:
                    return
                yield []
                continue
            over = wanted.is_over(runs)
            if over:
                runs = [run for run in runs if run.time <= wanted.until]
            runs = wanted.select(runs)
            if surplus:
                surplus, runs = _drop(surplus, runs)
            if runs:
                yield runs
            if over:
                return


class _Walk:
    """Going through the files of a log from a start, and on into files made meanwhile."""

    def __init__(self, path: str, form: Format) -> None:
        self._path = path
        self._format = form
        self._sources = open_sources(path)
        self._index = 0
        self._offset = 0
        self._rest = b""

    def begin(self, wanted: Wanted, tail: int) -> int:
        """Go to where the reading starts; return how many wanted lines to drop from there."""
        if not self._sources:
            return 0
        start = self._tail(wanted, tail) if tail >= 0 else self._since(wanted.since)
        self._index, self._offset, surplus = start
        return surplus

    def step(self) -> list[Run] | None:
        """Return the next runs (perhaps none in this block), or None at the end for now."""
        while self._index < len(self._sources):
            source = self._sources[self._index]
            data = os.pread(source.fileno(), BLOCK, self._offset)
            if data:
                self._offset += len(data)
                data = self._rest + data
                runs, used = self._format.decode(data)
                self._rest = data[used:]
                return runs
            if not self._advance(source):
                return None
        return None if not self._reopen() else []

    def close(self) -> None:
        """Close all files."""
        close_sources(self._sources)

    def _advance(self, source: Source) -> bool:
        """At the end of a file: is there another, or more in this one after all?"""
        if self._index + 1 < len(self._sources):
            self._enter(self._index + 1)
            return True
        if not rotated(self._path, source):
            return False
        # The writer renames after its last write: look once more, then go on.
        if source.size() > self._offset:
            return True
        known = self._sources
        self._sources = open_sources(self._path)
        same = [at for at, other in enumerate(self._sources) if other.came_from(source)]
        close_sources(known)
        self._enter(same[-1] + 1 if same else 0)
        return True

    def _reopen(self) -> bool:
        """The log did not exist when the reading began; does it now?"""
        if self._sources:
            return False
        self._sources = open_sources(self._path)
        return bool(self._sources)

    def _enter(self, index: int) -> None:
        self._index = index
        self._offset = 0
        # What a killed writer left at the end of the last file belongs to nothing here.
        self._rest = b""

    def _since(self, since: str) -> Start:
        if not since:
            return Start(0, 0, 0)
        for index in range(len(self._sources) - 1, -1, -1):
            source = self._sources[index]
            offset = self._format.seek(source.fileno(), source.size(), since)
            if offset:
                return Start(index, offset, 0)
        return Start(0, 0, 0)

    def _tail(self, wanted: Wanted, tail: int) -> Start:
        """Find the start of the last lines without reading what is before them."""
        newest = len(self._sources) - 1
        if tail == 0:
            return Start(newest, self._end(newest), 0)
        lines = 0
        # Only streams count, not times: Docker takes the last lines, then looks at the times.
        chosen = Wanted("", "", wanted.streams)
        for index in range(newest, -1, -1):
            end = self._end(index)
            while end:
                start = self._format.back(self._sources[index].fileno(), end, BLOCK)
                lines += self._count(index, start, end, chosen, last=not lines)
                # One more than asked for, so that the start is after the end of a line and
                # not in the middle of a long one.
                if lines > tail:
                    return Start(index, start, lines - tail)
                end = start
        return Start(0, 0, 0)

    def _end(self, index: int) -> int:
        """Return the last record boundary of a file."""
        source = self._sources[index]
        return self._format.end(source.fileno(), source.size())

    def _count(self, index: int, start: int, end: int, wanted: Wanted, *, last: bool) -> int:
        data = os.pread(self._sources[index].fileno(), end - start, start)
        runs = wanted.select(self._format.decode(data)[0])
        lines = sum(run.text.count(b"\n") for run in runs)
        if last and runs and not runs[-1].text.endswith(b"\n"):
            lines += 1
        return lines


def _drop(surplus: int, runs: list[Run]) -> tuple[int, list[Run]]:
    """Drop lines from the front; return how many are still to go, and what is left."""
    for at, run in enumerate(runs):
        lines = run.text.count(b"\n")
        if surplus < lines:
            kept = run.text.split(b"\n", surplus)[-1]
            return 0, [run._replace(text=kept), *runs[at + 1 :]]
        surplus -= lines
        if not surplus and lines:
            return 0, runs[at + 1 :]
    return surplus, []
