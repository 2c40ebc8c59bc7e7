"""Every option of sampand, as a table: its flag, its key in the configuration file, its kind.

Names are dockerd's. An option that this build cannot honour is refused by name when it is
given, with the reason from the last column; nothing is accepted and then ignored, except
where dockerd's default and ours mean the same.
"""

from typing import Any, NamedTuple

from sampan.base import data_root, run_root

CONFIG_FILE = "/etc/sampan/daemon.json"


class Option(NamedTuple):
    """One option."""

    flag: str
    key: str  # in the configuration file; "" for options that only make sense as flags
    kind: str  # a name in daemon.values.KINDS
    default: Any
    help: str
    short: str = ""
    absent: str = ""  # why anything but the default is refused


def _switch(
    flag: str, key: str, text: str, *, on: bool = False, short: str = "", absent: str = ""
) -> Option:
    return Option(flag, key, "flag", on, text, short, absent)


_LATER = "is not there yet in this build"
_NO_CONTAINERD = "does not apply: sampan has no containerd"

OPTIONS = (
    # the daemon
    Option("config-file", "", "text", CONFIG_FILE, "daemon configuration file"),
    Option("data-root", "data-root", "text", data_root.DEFAULT, "directory of lasting state"),
    Option("exec-root", "exec-root", "text", run_root.DEFAULT, "directory of execution state"),
    Option(
        "pidfile", "pidfile", "text", run_root.DEFAULT_PIDFILE, "file for the daemon's pid", "p"
    ),
    Option("host", "hosts", "list", [], "socket to listen on: unix://, tcp://, fd://", "H"),
    Option("group", "group", "text", "docker", "group of the unix socket", "G"),
    _switch("debug", "debug", "log at debug level", short="D"),
    Option("log-level", "log-level", "level", "info", "debug, info, warn, error or fatal", "l"),
    Option("log-format", "log-format", "format", "text", "text or json"),
    Option("label", "labels", "list", [], "key=value labels of the daemon, shown by info"),
    Option("shutdown-timeout", "shutdown-timeout", "int", 15, "seconds for a clean shutdown"),
    _switch("live-restore", "live-restore", "containers outlive the daemon", on=True),
    _switch("experimental", "experimental", "accepted; nothing depends on it"),
    _switch("validate", "", "check the configuration and exit"),
    _switch("remove-all", "", "end this root's containers, take down its networks"),
    _switch("version", "", "print the version and exit", short="v"),
    _switch("help", "", "print this and exit", short="h"),
    # networks
    Option("bridge", "bridge", "text", "", "device of the default bridge; none for no bridge", "b"),
    Option("bip", "bip", "text", "", "address and prefix of the default bridge"),
    Option("bip6", "bip6", "text", "", "the same for IPv6"),
    Option("fixed-cidr", "fixed-cidr", "text", "", "subnet for addresses on the default bridge"),
    Option("fixed-cidr-v6", "fixed-cidr-v6", "text", "", "the same for IPv6"),
    Option("default-gateway", "default-gateway", "text", "", "gateway of the default bridge"),
    Option("default-gateway-v6", "default-gateway-v6", "text", "", "the same for IPv6"),
    Option("mtu", "mtu", "int", 0, "MTU of the default bridge"),
    _switch("icc", "icc", "containers of the default bridge reach each other", on=True),
    Option("ip", "ip", "text", "0.0.0.0", "default address of published ports"),
    _switch("ip-forward", "ip-forward", "enable forwarding in the kernel", on=True),
    _switch("ip-masq", "ip-masq", "masquerade what leaves a bridge", on=True),
    _switch("iptables", "iptables", "make packet filter rules", on=True),
    _switch("ip6tables", "ip6tables", "make packet filter rules for IPv6", on=True),
    _switch("ipv6", "ipv6", "IPv6 on the default bridge"),
    _switch("userland-proxy", "userland-proxy", "proxy for published ports on ::1", on=True),
    Option("dns", "dns", "list", [], "DNS servers of containers"),
    Option("dns-opt", "dns-opts", "list", [], "DNS options of containers"),
    Option("dns-search", "dns-search", "list", [], "DNS search domains of containers"),
    Option("host-gateway-ip", "host-gateway-ip", "text", "", "address of host-gateway", "", _LATER),
    Option(
        "default-address-pool",
        "default-address-pools",
        "pools",
        [],
        "base=…,size=… to cut subnets of new networks from",
    ),
    # containers
    Option("storage-driver", "storage-driver", "text", "", "overlay or vfs", "s"),
    Option("log-driver", "log-driver", "text", "json-file", "default log driver of containers"),
    Option("log-opt", "log-opts", "map", {}, "key=value options of the default log driver"),
    Option("cgroup-parent", "cgroup-parent", "text", "", "parent cgroup of containers"),
    Option("default-cgroupns-mode", "default-cgroupns-mode", "text", "", "host or private"),
    Option("default-ipc-mode", "default-ipc-mode", "text", "private", "shareable or private"),
    Option("default-shm-size", "default-shm-size", "size", 64 << 20, "size of /dev/shm"),
    Option("default-ulimit", "default-ulimits", "ulimits", {}, "name=soft[:hard] for containers"),
    Option("default-runtime", "default-runtime", "text", "sampan", "runtime of containers"),
    Option("add-runtime", "runtimes", "runtimes", {}, "name=path of an OCI runtime"),
    _switch("init", "init", "put an init in front of every container's program"),
    Option("init-path", "init-path", "text", "", "the init"),
    _switch("no-new-privileges", "no-new-privileges", "default for containers"),
    Option("seccomp-profile", "seccomp-profile", "text", "", "path of the default profile"),
    # registries
    Option("insecure-registry", "insecure-registries", "list", [], "registries without TLS"),
    Option("registry-mirror", "registry-mirrors", "list", [], "mirrors of the first registry"),
    Option("max-concurrent-downloads", "max-concurrent-downloads", "int", 3, "for each pull"),
    Option("max-concurrent-uploads", "max-concurrent-uploads", "int", 5, "for each push"),
    Option("max-download-attempts", "max-download-attempts", "int", 5, "for each layer"),
    # known to dockerd, refused here
    Option("tls", "tls", "flag", None, "TLS on tcp:// sockets; --tls=false allows them without"),
    _switch("tlsverify", "tlsverify", "TLS with client certificates", absent=_LATER),
    Option("tlscacert", "tlscacert", "text", "", "certificate authority", "", _LATER),
    Option("tlscert", "tlscert", "text", "", "certificate", "", _LATER),
    Option("tlskey", "tlskey", "text", "", "key", "", _LATER),
    Option("userns-remap", "userns-remap", "text", "", "user namespaces", "", _LATER),
    Option("exec-opt", "exec-opts", "list", [], "runtime options", "", _LATER),
    Option("storage-opt", "storage-opts", "list", [], "storage driver options", "", _LATER),
    Option("authorization-plugin", "authorization-plugins", "list", [], "plugins", "", _LATER),
    Option("metrics-addr", "metrics-addr", "text", "", "address of metrics", "", _LATER),
    _switch("selinux-enabled", "selinux-enabled", "SELinux labels", absent=_LATER),
    Option("containerd", "containerd", "text", "", "containerd's socket", "", _NO_CONTAINERD),
    Option("features", "features", "object", {}, "feature switches; accepted"),
    Option("builder", "builder", "object", {}, "builder settings; accepted"),
)

BY_FLAG = {option.flag: option for option in OPTIONS}
BY_SHORT = {option.short: option for option in OPTIONS if option.short}
BY_KEY = {option.key: option for option in OPTIONS if option.key}

# Options that a flag and the file may both give: their parts are put together, as dockerd does.
MERGED = {"runtimes"}

# What a SIGHUP may change; dockerd's list, as far as it means something here.
RELOADABLE = {
    "debug",
    "log-level",
    "labels",
    "shutdown-timeout",
    "insecure-registries",
    "registry-mirrors",
    "max-concurrent-downloads",
    "max-concurrent-uploads",
    "max-download-attempts",
    "default-runtime",
    "runtimes",
    "features",
}
