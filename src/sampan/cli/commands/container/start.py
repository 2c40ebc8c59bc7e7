"""sampan container start: start stopped containers; with -a or -i stay with one of them."""

from __future__ import annotations

from sampan.cli.commands.container.run import exit_code
from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.proxy import Proxy, Window
from sampan.cli.session import Session, check_terminal
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag("attach", "a", BOOL, "Attach STDOUT/STDERR and forward signals"),
    Flag("detach-keys", "", STRING, "Override the key sequence for detaching a container"),
    Flag("interactive", "i", BOOL, "Attach container's STDIN"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Start containers and print their names, or be one's terminal."""
    if options.on("attach") or options.on("interactive"):
        if len(arguments) > 1:
            raise CommandError("you cannot start and attach multiple containers at once")
        return _attached(context, options, arguments[0])
    failed = []
    for name in arguments:
        try:
            context.client.post(f"/containers/{segment(name)}/start")
        except ApiError as error:
            context.err.line(str(error))
            failed.append(name)
        else:
            context.out.line(name)
    if failed:
        raise CommandError(f"Error: failed to start containers: {', '.join(failed)}")
    return 0


def _attached(context: Context, options: Options, name: str) -> int:
    found = context.client.get(f"/containers/{segment(name)}/json")
    config = found["Config"]
    path = f"/containers/{found['Id']}"
    stdin = options.on("interactive") and config["OpenStdin"]
    check_terminal(stdin=stdin, tty=config["Tty"])
    keys = options.text("detach-keys")
    session = Session(context, stdin=stdin, tty=config["Tty"], detach_keys=keys)
    # With a terminal, keys reach the container as bytes and signals are for us.
    proxy = None if config["Tty"] else Proxy(context, found["Id"])
    if proxy:
        proxy.start()
    try:
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
        removed = (found.get("HostConfig") or {}).get("AutoRemove")
        end = context.client.stream(
            "POST", f"{path}/wait", {"condition": "removed" if removed else "next-exit"}
        )
        context.client.post(f"{path}/start")
        window = Window(context, f"{path}/resize") if config["Tty"] else None
        return exit_code(end) if session.run(stream, window) else 0
    finally:
        if proxy:
            proxy.stop()
