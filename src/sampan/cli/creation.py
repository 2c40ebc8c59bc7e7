"""Making a container, as run and create both do it.

The body, the image when it is missing, the id file, warnings. Starting it is run's business.
"""

from __future__ import annotations

import contextlib
import os

from sampan.base.settings import environment
from sampan.cli.errors import CommandError
from sampan.cli.load import load
from sampan.cli.options.container import body
from sampan.cli.options.references import check, familiar, split, with_tag
from sampan.client.errors import ApiError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

PULL = ("always", "missing", "never")


class IdFile:
    """The file of --cidfile: must not be there before, is gone when nothing was created."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = -1

    def __enter__(self) -> IdFile:
        if not self._path:
            return self
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            self._fd = os.open(self._path, flags, 0o666)
        except FileExistsError:
            raise CommandError(
                "container ID file found, make sure the other container isn't running "
                f"or delete {self._path}"
            ) from None
        except OSError as error:
            raise CommandError(
                f"failed to create the container ID file: open {self._path}: {error.strerror}"
            ) from error
        return self

    def write(self, identity: str) -> None:
        """Keep the file, with this id."""
        if self._fd >= 0:
            os.write(self._fd, identity.encode())
            os.close(self._fd)
            self._fd = -1

    def __exit__(self, *_: object) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path)


def document(options: Options, arguments: list[str]) -> dict[str, Any]:
    """Return the body for these flags and words; CommandError when they make no sense."""
    pull = options.text("pull")
    if pull and pull not in PULL:
        raise CommandError(
            f'invalid pull option: \'{pull}\': must be one of "always", "missing" or "never"'
        )
    if options.on("use-api-socket"):
        raise CommandError("--use-api-socket is not supported: mount the socket with -v")
    try:
        return body(options, arguments[0], arguments[1:], environment())
    except OSError as error:
        raise CommandError(f"open {error.filename}: {str(error.strerror).lower()}") from error
    except ValueError as error:
        raise CommandError(str(error)) from error


def create(context: Context, options: Options, wanted: dict[str, Any]) -> str:
    """Create the container and return its id."""
    image = wanted["Image"]
    _warn(context, wanted["HostConfig"])
    with IdFile(options.text("cidfile")) as file:
        if not image.startswith("sha256:"):
            check(image)
        if options.text("pull") == "always":
            _pull(context, options, image)
        values = {
            "name": options.text("name") or None,
            "platform": options.text("platform") or None,
        }
        columns, rows = context.out.size()
        if columns:
            wanted["HostConfig"]["ConsoleSize"] = [rows, columns]
        try:
            made = context.client.post("/containers/create", values, wanted)
        except ApiError as error:
            if error.status != 404 or options.text("pull") not in {"missing", ""}:
                raise
            if "image" not in error.message.lower():
                raise
            if not options.on("quiet"):
                context.err.line(f"Unable to find image '{with_tag(familiar(image))}' locally")
            _pull(context, options, image)
            made = context.client.post("/containers/create", values, wanted)
        for warning in made.get("Warnings") or ():
            context.warn(warning)
        identity = str(made["Id"])
        file.write(identity)
        return identity


def _pull(context: Context, options: Options, image: str) -> None:
    name, tag = split(with_tag(image))
    messages = context.client.documents(
        "POST",
        "/images/create",
        {"fromImage": name, "tag": tag, "platform": options.text("platform") or None},
        headers={"X-Registry-Auth": load("sampan.client.logins").header(context.directory, name)},
    )
    progress = load("sampan.cli.progress")
    if options.on("quiet"):
        progress.failure(messages)
    else:
        progress.show(context.err, messages)


def _warn(context: Context, host: dict[str, Any]) -> None:
    if host.get("OomKillDisable") and not host.get("Memory"):
        context.warn(
            "Disabling the OOM killer on containers without setting a '-m/--memory' limit "
            "may be dangerous."
        )
    for address in host["Dns"]:
        if address.startswith("127.") or address == "::1":
            context.warn(f"Localhost DNS setting (--dns={address}) may fail in containers.")
            return
