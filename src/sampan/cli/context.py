"""What a command is given: the daemon to talk to, where to write, how it was called.

Made by main, passed down; commands read nothing from the environment themselves.
"""

from __future__ import annotations

import os

from sampan.cli.output import Output
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sampan.cli.tree import Command
    from sampan.client.api import Client


class Context:
    """The surroundings of one command."""

    def __init__(self, command: Command, connect: Callable[[], Client], directory: str) -> None:
        self.command = command
        # Where logins are kept.
        self.directory = directory
        self.out = Output(1)
        self.err = Output(2)
        self._connect = connect
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The daemon, found out when it is first needed."""
        if self._client is None:
            self._client = self._connect()
        return self._client

    def warn(self, text: str) -> None:
        """Tell the user something that does not stop the command."""
        self.err.line(f"WARNING: {text}")

    def for_each(self, names: list[str], do: Callable[[str], object]) -> int:
        """Do something to each name and print the name; return 1 when one of them failed.

        Failures are printed and do not stop the others, as `docker rm a b c` does it.
        """
        return self._each(names, do, echo=True)

    def for_each_quietly(self, names: list[str], do: Callable[[str], object]) -> int:
        """The same for verbs that print their own lines."""
        return self._each(names, do, echo=False)

    def for_all(
        self,
        names: list[str],
        method: str,
        path: str,
        values: Mapping[str, object] | None = None,
        say: Callable[[str, Any], str] = lambda name, _: name,
    ) -> int:
        """Make one call for each name, all at once; return 1 when one of them failed.

        `path` has a {} where the name goes. `say` makes the line to print of the name and
        the daemon's answer.
        """
        code = 0
        paths = [path.format(segment(name)) for name in names]
        answers = self.client.side_by_side(method, paths, values)
        for name, answer in zip(names, answers, strict=True):
            if isinstance(answer, ApiError):
                self.err.line(str(answer))
                code = 1
            else:
                self.out.line(say(name, answer))
        return code

    def confirm(self, question: str) -> bool:
        """Ask before something is destroyed; only y and yes will do."""
        self.out.write(question)
        answer = b""
        while not answer.endswith(b"\n") and (letter := os.read(0, 1)):
            answer += letter
        return answer.strip().lower() in {b"y", b"yes"}

    def _each(self, names: list[str], do: Callable[[str], object], *, echo: bool) -> int:
        code = 0
        for name in names:
            try:
                do(name)
            except ApiError as error:
                self.err.line(str(error))
                code = 1
            else:
                if echo:
                    self.out.line(name)
        return code
