"""sampan container exec: one more program in a running container."""

from __future__ import annotations

from sampan.base.settings import environment
from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, LIST, STRING, Flag
from sampan.cli.options.keyvalue import environment as variables
from sampan.cli.options.kinds import ENV
from sampan.cli.proxy import Window
from sampan.cli.session import Session, check_terminal
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER COMMAND [ARG...]"
ARGUMENTS = (2, None)
INTERSPERSED = False
FLAGS = (
    Flag("detach", "d", BOOL, "Detached mode: run command in the background"),
    Flag("detach-keys", "", STRING, "Override the key sequence for detaching a container"),
    Flag("env", "e", ENV, "Set environment variables"),
    Flag("env-file", "", LIST, "Read in a file of environment variables"),
    Flag("interactive", "i", BOOL, "Keep STDIN open even if not attached"),
    Flag("privileged", "", BOOL, "Give extended privileges to the command"),
    Flag("tty", "t", BOOL, "Allocate a pseudo-TTY"),
    Flag("user", "u", STRING, 'Username or UID (format: "<name|uid>[:<group|gid>]")'),
    Flag("workdir", "w", STRING, "Working directory inside the container"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Run the program; its exit code is ours."""
    container, *command = arguments
    detached = options.on("detach")
    tty = options.on("tty")
    wanted = _document(options, command)
    if not detached:
        check_terminal(stdin=options.on("interactive"), tty=tty)
    columns, rows = context.out.size()
    start: dict[str, Any] = {"Detach": detached, "Tty": tty}
    if tty and columns:
        start["ConsoleSize"] = wanted["ConsoleSize"] = [rows, columns]
    client = context.client
    identity = client.post(f"/containers/{segment(container)}/exec", None, wanted)["Id"]
    path = f"/exec/{identity}"
    if detached:
        client.post(f"{path}/start", None, start)
        return 0
    session = Session(
        context,
        stdin=options.on("interactive"),
        tty=tty,
        detach_keys=options.text("detach-keys"),
    )
    stream = client.hijack(f"{path}/start", None, start)
    if not session.run(stream, Window(context, f"{path}/resize") if tty else None):
        raise CommandError("read escape sequence")
    return int(client.get(f"{path}/json").get("ExitCode") or 0)


def _document(options: Options, command: list[str]) -> dict[str, Any]:
    attached = not options.on("detach")
    try:
        env = variables(options.many("env-file"), options.many("env"), environment())
    except OSError as error:
        raise CommandError(f"open {error.filename}: {str(error.strerror).lower()}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error
    return {
        "Cmd": command,
        "Env": env,
        "Tty": options.on("tty"),
        "User": options.text("user"),
        "WorkingDir": options.text("workdir"),
        "Privileged": options.on("privileged"),
        "DetachKeys": options.text("detach-keys"),
        "AttachStdin": attached and options.on("interactive"),
        "AttachStdout": attached,
        "AttachStderr": attached,
    }
