"""sampan container attach: the user's terminal joins a running container's streams."""

from __future__ import annotations

from sampan.cli.commands.container.run import exit_code
from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.proxy import Proxy, Window
from sampan.cli.session import Session, check_terminal
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER"
ARGUMENTS = (1, 1)
FLAGS = (
    Flag("detach-keys", "", STRING, "Override the key sequence for detaching a container"),
    Flag("no-stdin", "", BOOL, "Do not attach STDIN"),
    Flag(
        "sig-proxy",
        "",
        BOOL,
        "Proxy all received signals to the process",
        default=True,
    ),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Attach to a container; its exit code is ours."""
    found = context.client.get(f"/containers/{segment(arguments[0])}/json")
    _check(found["State"])
    config = found["Config"]
    stdin = config["OpenStdin"] and not options.on("no-stdin")
    check_terminal(stdin=stdin, tty=config["Tty"])
    proxy = None
    if options.on("sig-proxy") and not config["Tty"]:
        proxy = Proxy(context, found["Id"])
        proxy.start()
    try:
        return _stay(context, options, found, stdin=stdin)
    finally:
        if proxy:
            proxy.stop()


def _stay(context: Context, options: Options, found: dict[str, Any], *, stdin: bool) -> int:
    keys = options.text("detach-keys")
    tty = found["Config"]["Tty"]
    path = f"/containers/{found['Id']}"
    session = Session(context, stdin=stdin, tty=tty, detach_keys=keys)
    end = context.client.stream("POST", f"{path}/wait", {"condition": "not-running"})
    stream = context.client.hijack(
        f"{path}/attach",
        {
            "stream": True,
            "stdin": stdin,
            "stdout": True,
            "stderr": True,
            "detachKeys": keys or None,
        },
    )
    if not session.run(stream, Window(context, f"{path}/resize") if tty else None):
        raise CommandError("read escape sequence")
    return exit_code(end)


def _check(state: dict[str, Any]) -> None:
    if not state["Running"]:
        raise CommandError("You cannot attach to a stopped container, start it first")
    if state["Paused"]:
        raise CommandError("You cannot attach to a paused container, unpause it first")
    if state["Restarting"]:
        raise CommandError("You cannot attach to a restarting container, wait until it is running")
