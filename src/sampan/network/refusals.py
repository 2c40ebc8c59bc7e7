"""What the kernel refuses, said in the caller's terms and with the kernel's reason."""

from collections.abc import Iterator
from contextlib import contextmanager

from sampan.errors import Unavailable


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn an OSError of the body into Unavailable: "cannot <what>: <reason>"."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        subject = f" ({error.filename})" if error.filename else ""
        raise Unavailable(f"cannot {what}: {reason}{subject}") from error
