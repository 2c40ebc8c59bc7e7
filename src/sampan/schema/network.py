"""Networks: as wished for at create, and a container's place in one (EndpointSettings)."""

from msgspec import field

from sampan.schema.wire import Document


class EndpointIPAMConfig(Document, omit_defaults=True):
    """Addresses wished for."""

    ipv4_address: str = field(default="", name="IPv4Address")
    ipv6_address: str = field(default="", name="IPv6Address")
    link_local_ips: list[str] | None = field(default=None, name="LinkLocalIPs")


class EndpointSettings(Document):
    """A container's place in one network: wishes and, while it runs, what came of them."""

    ipam_config: EndpointIPAMConfig | None = field(default=None, name="IPAMConfig")
    links: list[str] | None = None
    aliases: list[str] | None = None
    mac_address: str = ""
    driver_opts: dict[str, str] | None = None
    gw_priority: int = 0
    network_id: str = field(default="", name="NetworkID")
    endpoint_id: str = field(default="", name="EndpointID")
    gateway: str = ""
    ip_address: str = field(default="", name="IPAddress")
    ip_prefix_len: int = field(default=0, name="IPPrefixLen")
    ipv6_gateway: str = field(default="", name="IPv6Gateway")
    global_ipv6_address: str = field(default="", name="GlobalIPv6Address")
    global_ipv6_prefix_len: int = field(default=0, name="GlobalIPv6PrefixLen")
    dns_names: list[str] | None = field(default=None, name="DNSNames")


class NetworkingConfig(Document):
    """Networks of a new container, by name."""

    endpoints_config: dict[str, EndpointSettings | None] | None = None


class IPAMPool(Document, omit_defaults=True):
    """One subnet."""

    subnet: str = ""
    ip_range: str = field(default="", name="IPRange")
    gateway: str = ""
    auxiliary_addresses: dict[str, str] | None = None


class IPAM(Document):
    """Where a network's addresses come from."""

    driver: str = "default"
    options: dict[str, str] | None = None
    config: list[IPAMPool] | None = None


class ConfigReference(Document):
    """The network whose configuration is taken."""

    network: str = ""


class NetworkCreate(Document):
    """POST /networks/create."""

    name: str = ""
    check_duplicate: bool = False
    driver: str = "bridge"
    scope: str = ""
    internal: bool = False
    attachable: bool = False
    ingress: bool = False
    config_only: bool = False
    config_from: ConfigReference | None = None
    ipam: IPAM | None = field(default=None, name="IPAM")
    enable_ipv4: bool | None = field(default=None, name="EnableIPv4")
    enable_ipv6: bool | None = field(default=None, name="EnableIPv6")
    options: dict[str, str] | None = None
    labels: dict[str, str] | None = None


class NetworkConnect(Document):
    """POST /networks/{id}/connect."""

    container: str = ""
    endpoint_config: EndpointSettings | None = None


class NetworkDisconnect(Document):
    """POST /networks/{id}/disconnect."""

    container: str = ""
    force: bool = False
