"""From exception class to HTTP status. No other module names a status for an error."""

from sampan.errors import (
    Conflict,
    Forbidden,
    Internal,
    InvalidRequest,
    NotFound,
    NotImplemented_,
    NotModified,
    StartFailed,
    Unauthorized,
    Unavailable,
)

STATUS: dict[type[BaseException], int] = {
    InvalidRequest: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    NotModified: 304,
    NotImplemented_: 501,
    Unavailable: 503,
    StartFailed: 500,
    Internal: 500,
}

# The program is missing or cannot be executed: that is the caller's mistake, and dockerd
# answers 400 for it (translateContainerdStartErr in moby's daemon/errors.go).
CALLERS_FAULT = {126, 127}


def status_of(error: BaseException) -> int:
    """The status of the nearest listed class, 500 if there is none."""
    if isinstance(error, StartFailed) and error.exit_code in CALLERS_FAULT:
        return 400
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
