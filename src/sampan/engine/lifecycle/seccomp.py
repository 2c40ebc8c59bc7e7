"""Which compiled seccomp filter a container runs under. What filters say is the runtime's."""

from typing import Any

from sampan.base import files
from sampan.engine.spec import security
from sampan.engine.stores import Stores
from sampan.errors import InvalidRequest
from sampan.runtime.security.seccomp import filters
from sampan.state.containers import Container

REMEMBERED = 64


def path(engine: Stores, container: Container, spec: dict[str, Any]) -> str:
    """Return the file of a container's filter, "" for none; compiled when it is new."""
    capabilities = spec["process"]["capabilities"]["bounding"]
    key = (_wish(engine, container), tuple(capabilities))
    found = engine.seccomp.get(key)
    if found is None:
        found = filters.path(engine.run.seccomp, key[0], capabilities)
        if len(engine.seccomp) >= REMEMBERED:
            engine.seccomp.clear()
        engine.seccomp[key] = found
    return found


def profile(engine: Stores, container: Container, spec: dict[str, Any]) -> dict[str, Any] | None:
    """Return a container's filter as `linux.seccomp` of the OCI spec, None for none."""
    capabilities = spec["process"]["capabilities"]["bounding"]
    return filters.profile(_wish(engine, container), capabilities)


def _wish(engine: Stores, container: Container) -> str:
    """Return "" for the default profile, unconfined, or a profile as JSON."""
    host = container.host_config
    wish = security.parse(host.security_opt).seccomp
    if wish:
        return wish
    if host.privileged:
        return security.UNCONFINED
    profile = engine.options.seccomp_profile
    if profile in {"", security.BUILTIN}:
        return ""
    if profile == security.UNCONFINED:
        return profile
    try:
        return files.read(profile).decode()
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"cannot read the seccomp profile {profile}: {error}") from error
