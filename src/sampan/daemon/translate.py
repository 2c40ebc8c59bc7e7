"""From settings to what the rooms are told: the engine's options and the network room's. Pure."""

from typing import Any

from sampan.daemon.settings import Settings
from sampan.engine.options import Options
from sampan.network.options import AddressPool, NetworkOptions

DEFAULT_BRIDGE = NetworkOptions().bridge


def engine_options(settings: Settings, hosts: list[str]) -> Options:
    """What the engine is told at its start."""
    return Options(
        data_root=settings["data-root"],
        exec_root=settings["exec-root"],
        labels=settings["labels"],
        debug=is_debug(settings),
        hosts=hosts,
        bridge=settings["bridge"] or DEFAULT_BRIDGE,
        bip=settings["bip"],
        fixed_cidr=settings["fixed-cidr"],
        mtu=settings["mtu"] or 1500,
        ip=settings["ip"],
        ipv6=settings["ipv6"],
        icc=settings["icc"],
        userland_proxy=settings["userland-proxy"],
        dns=settings["dns"],
        dns_opts=settings["dns-opts"],
        dns_search=settings["dns-search"],
        default_address_pools=settings["default-address-pools"],
        storage_driver=settings["storage-driver"],
        log_driver=settings["log-driver"],
        log_opts=settings["log-opts"],
        cgroup_parent=settings["cgroup-parent"],
        default_cgroupns_mode=settings["default-cgroupns-mode"],
        default_ipc_mode=settings["default-ipc-mode"],
        default_shm_size=settings["default-shm-size"],
        default_ulimits=list(settings["default-ulimits"].values()),
        default_runtime=settings["default-runtime"],
        runtimes=runtimes(settings),
        init=settings["init"],
        init_path=settings["init-path"],
        no_new_privileges=settings["no-new-privileges"],
        seccomp_profile=settings["seccomp-profile"],
        shutdown_timeout=settings["shutdown-timeout"],
        live_restore=settings["live-restore"],
        insecure_registries=settings["insecure-registries"],
        registry_mirrors=settings["registry-mirrors"],
    )


def runtimes(settings: Settings) -> dict[str, list[str]]:
    """Runtimes by name, as command lines; Docker's document has path and runtimeArgs."""
    return {
        name: [str(runtime.get("path", name)), *map(str, runtime.get("runtimeArgs") or ())]
        for name, runtime in settings["runtimes"].items()
    }


def network_options(settings: Settings) -> NetworkOptions:
    """What the network room is told at its start."""
    pools: list[dict[str, Any]] = settings["default-address-pools"]
    return NetworkOptions(
        bridge=settings["bridge"] or DEFAULT_BRIDGE,
        bip=settings["bip"],
        bip6=settings["bip6"],
        fixed_cidr=settings["fixed-cidr"],
        fixed_cidr_v6=settings["fixed-cidr-v6"],
        default_gateway=settings["default-gateway"],
        default_gateway_v6=settings["default-gateway-v6"],
        mtu=settings["mtu"],
        icc=settings["icc"],
        ip="" if settings["ip"] == "0.0.0.0" else settings["ip"],
        ip_forward=settings["ip-forward"],
        ip_masq=settings["ip-masq"],
        iptables=settings["iptables"],
        ip6tables=settings["ip6tables"],
        ipv6=settings["ipv6"],
        userland_proxy=settings["userland-proxy"],
        default_address_pools=tuple(
            AddressPool(str(pool["base"]), int(pool["size"])) for pool in pools
        ),
    )


def is_debug(settings: Settings) -> bool:
    """Whether the daemon is in debug mode, as info shows it."""
    return bool(settings["debug"]) or settings["log-level"] == "debug"
