"""Every error a caller may want to tell apart.

    SampanError
    ├── InvalidRequest      the caller asked for something that makes no sense
    ├── NotFound            no such container, image, network, ...
    ├── Conflict            the thing is there, but in the wrong state for this
    ├── NotModified         the thing is already as asked (start of a running container)
    ├── Unauthorized        who are you
    ├── Forbidden           you may not
    ├── NotImplemented_     known, not done yet
    ├── Unavailable         a part we need does not answer
    ├── StartFailed         the container's program could not be started; carries Docker's exit code
    └── Internal            our fault; always a bug

Classes say what went wrong in the caller's terms. They know nothing of HTTP: the
one table from class to status is sampan.api.status. Messages are lower case, name
the object, and end without a full stop.
"""


# dockerd's words, which differ by kind: clients match on them (docker-py, compose).
_MISSING = {"network": "network {name} not found", "volume": "get {name}: no such volume"}


class SampanError(Exception):
    """Base of every error raised on purpose."""


class InvalidRequest(SampanError):
    """The request makes no sense as written."""


class NotFound(SampanError):
    """The named object does not exist."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(_MISSING.get(kind, "No such {kind}: {name}").format(kind=kind, name=name))
        self.kind = kind
        self.name = name


class Conflict(SampanError):
    """The object exists, but its state does not allow this."""


class NotModified(SampanError):
    """The object already is as asked; nothing was done."""


class Unauthorized(SampanError):
    """The caller did not say who it is, or was not believed."""


class Forbidden(SampanError):
    """The caller may not do this."""


class NotImplemented_(SampanError):  # noqa: N801 - NotImplemented is a builtin
    """Known to Docker, not done here yet."""


class Unavailable(SampanError):
    """Something this needs (a registry, a kernel feature, the launcher) does not answer."""


class StartFailed(SampanError):
    """The container's program could not be started.

    exit_code is what Docker shows for it: 127 when the program was not found,
    126 when it could not be executed, 128 for everything before that.
    """

    def __init__(self, message: str, exit_code: int = 128) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Internal(SampanError):
    """A bug of ours."""
