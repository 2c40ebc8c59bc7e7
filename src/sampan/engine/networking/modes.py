"""Which networks a container's wishes name. Pure."""

from sampan.engine.spec import namespaces
from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig
from sampan.schema.network import EndpointSettings, NetworkingConfig

DEFAULT = "bridge"
NONE = "none"
HOST = "host"

BUILT_IN = frozenset({DEFAULT, NONE, HOST})


def normalize(mode: str) -> str:
    """Return the mode with the old words for the default network replaced."""
    return DEFAULT if mode in {"", "default"} else mode


def is_user_defined(mode: str) -> bool:
    """Whether a mode names a network of the user's."""
    return mode not in BUILT_IN and namespaces.joined(mode) is None


def wished(host: HostConfig, networking: NetworkingConfig | None) -> dict[str, EndpointSettings]:
    """Return the networks a new container is to be in, its own one first."""
    mode = normalize(host.network_mode)
    if namespaces.joined(mode) is not None:
        return {}
    given = {
        DEFAULT if name == "default" else name: settings or EndpointSettings()
        for name, settings in ((networking and networking.endpoints_config) or {}).items()
    }
    if given and mode not in given and (mode in BUILT_IN) and mode != DEFAULT:
        raise InvalidRequest(
            "conflicting options: cannot attach both user-defined and non-user-defined "
            "network-modes"
        )
    first = {mode: given.pop(mode, EndpointSettings())}
    _check_addresses(first, mode)
    return {**first, **given}


def _check_addresses(first: dict[str, EndpointSettings], mode: str) -> None:
    ipam = first[mode].ipam_config
    if ipam is not None and (ipam.ipv4_address or ipam.ipv6_address) and not is_user_defined(mode):
        raise InvalidRequest(
            "invalid config for network "
            f"{mode}: user specified IP address is supported on user defined networks only"
        )
