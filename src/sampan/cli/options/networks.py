"""--network with its options, and the older flags beside it, to endpoint settings. Pure."""

from __future__ import annotations

from sampan.cli.options.addresses import is_mac
from sampan.cli.options.keyvalue import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.flags import Options

BUILT_IN = frozenset(("default", "bridge", "host", "none"))


class Attachment:
    """One --network as it was written."""

    __slots__ = (
        "aliases",
        "driver_opts",
        "gateway",
        "ip",
        "ip6",
        "link_local",
        "links",
        "mac",
        "name",
    )

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.aliases: list[str] = []
        self.driver_opts: dict[str, str] = {}
        self.links: list[str] = []
        self.link_local: list[str] = []
        self.ip = ""
        self.ip6 = ""
        self.mac = ""
        self.gateway: int | None = None

    def settings(self) -> dict[str, Any]:
        """Return the API's EndpointSettings, only with what was asked for."""
        found: dict[str, Any] = {}
        if self.aliases:
            found["Aliases"] = self.aliases
        if self.driver_opts:
            found["DriverOpts"] = self.driver_opts
        if self.links:
            found["Links"] = self.links
        if self.mac:
            found["MacAddress"] = self.mac
        if self.gateway is not None:
            found["GwPriority"] = self.gateway
        addresses: dict[str, Any] = {}
        if self.ip:
            addresses["IPv4Address"] = self.ip
        if self.ip6:
            addresses["IPv6Address"] = self.ip6
        if self.link_local:
            addresses["LinkLocalIPs"] = self.link_local
        if addresses:
            found["IPAMConfig"] = addresses
        return found


def read_network(text: str) -> Attachment:
    """Read `name` or `name=x,alias=y,ip=…`; ValueError in Docker's words."""
    if "=" not in text:
        return Attachment(text)
    attachment = Attachment()
    for field in fields(text):
        key, equals, value = field.partition("=")
        if not equals or not key:
            raise ValueError(f"invalid field {field}")
        _set(attachment, key.strip().lower(), value.strip())
    if not attachment.name:
        raise ValueError("network name/id is not specified")
    return attachment


def user_defined(name: str) -> bool:
    """Tell whether a --network names a network that a user made."""
    return name not in BUILT_IN and not name.startswith("container:")


def endpoints(options: Options) -> dict[str, dict[str, Any]]:
    """Return EndpointsConfig for all --network flags; ValueError when they conflict."""
    attachments: list[Attachment] = options.many("network")
    if not attachments:
        # Older flags without --network are about the default network.
        attachments = [Attachment("default")]
    _add_older(attachments[0], options)
    found: dict[str, dict[str, Any]] = {}
    for attachment in attachments:
        _check(attachment)
        if attachment.name in found:
            raise ValueError(f'network "{attachment.name}" is specified multiple times')
        found[attachment.name] = attachment.settings()
    kinds = {user_defined(attachment.name) for attachment in attachments}
    if len(kinds) > 1:
        raise ValueError(
            "conflicting options: cannot attach both user-defined and non-user-defined "
            "network-modes"
        )
    # A single network with nothing to say about it is named by NetworkMode already.
    if len(found) == 1 and not any(found.values()):
        return {}
    return found


def mode(options: Options) -> str:
    """Return HostConfig's NetworkMode."""
    attachments: list[Attachment] = options.many("network")
    return attachments[0].name if attachments else "default"


def _set(attachment: Attachment, key: str, value: str) -> None:
    if key in {"name", "ip", "ip6"}:
        setattr(attachment, key, value)
    elif key == "alias":
        attachment.aliases.append(value)
    elif key == "link-local-ip":
        attachment.link_local.append(value)
    elif key == "mac-address":
        if not is_mac(value):
            raise ValueError(f"{value} is not a valid mac address")
        attachment.mac = value
    elif key == "driver-opt":
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise ValueError("invalid key value pair format in driver options")
        attachment.driver_opts[name.strip()] = text.strip()
    elif key == "gw-priority":
        attachment.gateway = _priority(value)
    else:
        raise ValueError(f"invalid field key {key}")


def _priority(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"invalid gw-priority ({text}): invalid syntax") from None


def _add_older(attachment: Attachment, options: Options) -> None:
    """Put --network-alias, --link, --ip, … on the first network."""
    for flag, field, words in (
        ("network-alias", "aliases", ("--network-alias", "alias")),
        ("link", "links", ("--link", "links")),
        ("link-local-ip", "link_local", ("--link-local-ip", "link-local IP addresses")),
    ):
        values = options.many(flag)
        if values and getattr(attachment, field):
            raise _conflict(*words)
        if values and (flag != "link" or user_defined(attachment.name)):
            setattr(attachment, field, values)
    for flag, field, word in (
        ("ip", "ip", "IPv4 address"),
        ("ip6", "ip6", "IPv6 address"),
        ("mac-address", "mac", "MAC address"),
    ):
        value = options.text(flag)
        if value and getattr(attachment, field):
            raise _conflict(f"--{flag}", word)
        if value:
            setattr(attachment, field, value)


def _conflict(flag: str, word: str) -> ValueError:
    return ValueError(f"conflicting options: cannot specify both {flag} and per-network {word}")


def _check(attachment: Attachment) -> None:
    if not attachment.name.strip():
        raise ValueError("no name set for network")
    if user_defined(attachment.name):
        return
    if attachment.aliases:
        raise ValueError("network-scoped aliases are only supported for user-defined networks")
    if attachment.links:
        raise ValueError("links are only supported for user-defined networks")
