"""One call for the daemon: from a container's wishes to the file of its filter."""

import os

from sampan.runtime.security.seccomp import docker
from sampan.runtime.security.seccomp.compile import cached

UNCONFINED = "unconfined"


def path(directory: str, wish: str, capabilities: list[str]) -> str:
    """Return the file of the filter below directory, "" for none.

    wish is "" for the default profile, "unconfined", or a profile as JSON in Docker's format.
    """
    document = profile(wish, capabilities)
    return "" if document is None else cached(document, directory)


def profile(wish: str, capabilities: list[str]) -> docker.Document | None:
    """Return the same wish as `linux.seccomp` of the OCI spec, None for no filter."""
    if wish == UNCONFINED:
        return None
    return reduce(docker.parse(wish) if wish else docker.default(), capabilities)


def reduce(document: docker.Document, capabilities: list[str]) -> docker.Document:
    """Decide a profile's conditions for this machine."""
    system = os.uname()
    numbers = [part for part in system.release.replace("-", ".").split(".") if part.isdecimal()]
    kernel = (int(numbers[0]), int(numbers[1]))
    return docker.oci(
        document, capabilities=capabilities, machine=system.machine, kernel=kernel
    )
