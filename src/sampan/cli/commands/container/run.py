"""sampan container run: make a container, start it, and stay with it unless told not to."""

from __future__ import annotations

from sampan.cli.creation import create, document
from sampan.cli.errors import FAILED, NOT_EXECUTABLE, NOT_FOUND, CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.options.table import FLAGS as COMMON
from sampan.cli.proxy import Proxy, Window
from sampan.cli.session import Session, check_terminal
from sampan.client.errors import ApiError
from sampan.client.jsontext import loads
from sampan.errors import SampanError, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options
    from sampan.http.client import Response

USAGE = "[OPTIONS] IMAGE [COMMAND] [ARG...]"
ARGUMENTS = (1, None)
INTERSPERSED = False
FLAGS = (
    *COMMON,
    Flag("detach", "d", BOOL, "Run container in background and print container ID"),
    Flag("detach-keys", "", STRING, "Override the key sequence for detaching a container"),
    Flag(
        "pull",
        "",
        STRING,
        'Pull image before running ("always", "missing", "never")',
        default="missing",
    ),
    Flag("sig-proxy", "", BOOL, "Proxy received signals to the process", default=True),
)
STREAMS = ("AttachStdin", "AttachStdout", "AttachStderr")


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Run a container; its exit code is ours."""
    try:
        wanted = document(options, arguments)
    except CommandError as error:
        raise CommandError(_words(context, error), FAILED) from error
    if options.on("detach"):
        if options.many("attach"):
            raise CommandError("conflicting options: cannot specify both --attach and --detach")
        wanted |= dict.fromkeys((*STREAMS, "StdinOnce"), False)
    else:
        check_terminal(stdin=wanted["AttachStdin"], tty=wanted["Tty"])
    try:
        identity = create(context, options, wanted)
    except SampanError as error:
        raise _failed(context, error) from error
    return _Life(context, options, wanted, identity).run()


class _Life:
    """A container that was just created, from here to its end."""

    def __init__(
        self, context: Context, options: Options, wanted: dict[str, Any], identity: str
    ) -> None:
        self._context = context
        self._options = options
        self._identity = identity
        self._path = f"/containers/{identity}"
        self._attached = any(wanted[stream] for stream in STREAMS)
        self._outputs = wanted["AttachStdout"] or wanted["AttachStderr"]
        self._session = Session(
            context,
            stdin=wanted["AttachStdin"],
            stdout=wanted["AttachStdout"],
            stderr=wanted["AttachStderr"],
            tty=wanted["Tty"],
            detach_keys=options.text("detach-keys"),
        )

    def run(self) -> int:
        """Start it and stay as long as was asked for."""
        if not self._attached:
            self._start()
            self._context.out.line(self._identity)
            return 0
        proxy = Proxy(self._context, self._identity) if self._options.on("sig-proxy") else None
        if proxy:
            proxy.start()
        try:
            return self._stay()
        finally:
            if proxy:
                proxy.stop()

    def _stay(self) -> int:
        # Attached and waited for before it starts, or a short life would be missed.
        session = self._session
        stream = self._context.client.hijack(
            f"{self._path}/attach",
            {
                "stream": True,
                "stdin": session.stdin,
                "stdout": session.stdout,
                "stderr": session.stderr,
                "detachKeys": self._options.text("detach-keys") or None,
            },
        )
        removed = self._options.on("rm")
        end = self._context.client.stream(
            "POST", f"{self._path}/wait", {"condition": "removed" if removed else "next-exit"}
        )
        try:
            self._start()
        except CommandError:
            stream.close()
            if removed:
                end.read_all()
            raise
        if not self._outputs:
            self._context.out.line(self._identity)
        window = Window(self._context, f"{self._path}/resize") if session.tty else None
        if not session.run(stream, window) or not self._outputs:
            return 0
        return exit_code(end)

    def _start(self) -> None:
        try:
            self._context.client.post(f"{self._path}/start")
        except ApiError as error:
            raise _failed(self._context, error) from error


def exit_code(end: Response) -> int:
    """Read the answer of a wait; FAILED when the daemon could not tell."""
    try:
        found = loads(end.read_all())
    except Unavailable as error:
        raise CommandError(f"error waiting for container: {error}", FAILED) from error
    if (found.get("Error") or {}).get("Message"):
        return FAILED
    return int(found["StatusCode"])


def _failed(context: Context, error: SampanError) -> CommandError:
    """Put words and Docker's exit code to what kept the container from running."""
    text = str(error)
    code = FAILED
    if "executable file not found" in text or "no such file or directory" in text:
        code = NOT_FOUND
    elif "permission denied" in text or "is a directory" in text:
        code = NOT_EXECUTABLE
    return CommandError(_words(context, error), code)


def _words(context: Context, error: SampanError) -> str:
    hint = f"Run 'sampan {context.command.path} --help' for more information"
    return f"sampan: {error}\n\n{hint}"
