"""What `--security-opt` says, and which paths of /proc and /sys are hidden."""

from typing import NamedTuple

from sampan.errors import InvalidRequest

MASKED = [
    "/proc/asound",
    "/proc/acpi",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
]
READONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]

UNCONFINED = "unconfined"
BUILTIN = "builtin"


class Security(NamedTuple):
    """The security options of a container, read."""

    seccomp: str = ""  # "" the default profile, "unconfined", or a profile as JSON
    no_new_privileges: bool = False
    apparmor: str = ""
    label: tuple[str, ...] = ()
    writable_cgroups: bool = False


def parse(options: list[str] | None, *, no_new_privileges: bool = False) -> Security:
    """Read the words of `--security-opt`; InvalidRequest for those Docker does not know."""
    found = Security(no_new_privileges=no_new_privileges)
    for option in options or ():
        found = _take(found, option)
    return found


def _take(found: Security, option: str) -> Security:
    if option == "no-new-privileges":
        return found._replace(no_new_privileges=True)
    if option == "disable":  # how very old clients spelled label=disable
        return found._replace(label=(*found.label, "disable"))
    separator = "=" if "=" in option else ":"
    name, given, value = option.partition(separator)
    if not given:
        raise InvalidRequest(f'invalid --security-opt 1: "{option}"')
    match name:
        case "seccomp":
            return found._replace(seccomp="" if value == BUILTIN else value)
        case "no-new-privileges":
            return found._replace(no_new_privileges=_truth(option, value))
        case "writable-cgroups":
            return found._replace(writable_cgroups=_truth(option, value))
        case "apparmor":
            return found._replace(apparmor=value)
        case "label":
            return found._replace(label=(*found.label, value))
        case "systempaths":
            return found  # the client turns it into empty MaskedPaths and ReadonlyPaths
    raise InvalidRequest(f'invalid --security-opt 2: "{option}"')


def _truth(option: str, value: str) -> bool:
    match value.lower():
        case "1" | "t" | "true":
            return True
        case "0" | "f" | "false":
            return False
    raise InvalidRequest(f'invalid --security-opt 2: "{option}"')


def hidden(
    masked: list[str] | None, readonly: list[str] | None, *, privileged: bool
) -> tuple[list[str], list[str]]:
    """Return masked and read-only paths: as wished, else the default, none when privileged."""
    if privileged:
        return list(masked or ()), list(readonly or ())
    return (
        MASKED if masked is None else masked,
        READONLY if readonly is None else readonly,
    )
