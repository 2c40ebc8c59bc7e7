"""Docker's profile format, and its reduction to the OCI one for one container. Pure.

Docker's adds conditions to OCI's: capabilities, machines, kernel versions. They are decided
here, for a given container on a given machine; what is left is `linux.seccomp`.

    oci(default(), capabilities=[...], machine="x86_64", kernel=(6, 1)) -> {"defaultAction": ...}
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sampan.errors import InvalidRequest
from sampan.runtime.security.seccomp import profile

Document = dict[str, Any]

# Go's name of each machine, and libseccomp's.
MACHINES = {
    "x86_64": ("amd64", "SCMP_ARCH_X86_64"),
    "aarch64": ("arm64", "SCMP_ARCH_AARCH64"),
    "s390x": ("s390x", "SCMP_ARCH_S390X"),
    "riscv64": ("riscv64", "SCMP_ARCH_RISCV64"),
}


def default() -> Document:
    """Build the default profile in Docker's format."""
    rules: list[Document] = [_allow(name for group in profile.ALWAYS for name in group.split())]
    rules.append(_allow(["socket"], _arg(0, profile.AF_VSOCK, "SCMP_CMP_NE")))
    rules += [
        _allow(["personality"], _arg(0, value, "SCMP_CMP_EQ")) for value in profile.PERSONALITIES
    ]
    for machines, names in profile.WITH_ARCHITECTURE.items():
        rules.append({**_allow(names.split()), "includes": {"arches": list(machines)}})
    for capability, names in profile.WITH_CAPABILITY.items():
        rules.append({**_allow(names.split()), "includes": {"caps": [capability]}})
    rules += _clone_rules()
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": profile.EPERM,
        "archMap": [
            {"architecture": name, "subArchitectures": others}
            for name, others in profile.ARCHITECTURES.items()
        ],
        "syscalls": rules,
    }


def _clone_rules() -> list[Document]:
    """Threads and processes for everybody, new namespaces for CAP_SYS_ADMIN alone."""
    without = {"caps": ["CAP_SYS_ADMIN"]}
    first = _arg(0, profile.NAMESPACE_FLAGS, "SCMP_CMP_MASKED_EQ")
    second = _arg(1, profile.NAMESPACE_FLAGS, "SCMP_CMP_MASKED_EQ")
    return [
        {**_allow(["clone"], first), "excludes": {**without, "arches": ["s390", "s390x"]}},
        # There the flags are the second argument (clone(2)).
        {
            **_allow(["clone"], second),
            "includes": {"arches": ["s390", "s390x"]},
            "excludes": without,
        },
        {
            "names": ["clone3"],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": profile.ENOSYS,
            "excludes": without,
        },
    ]


def _allow(names: Iterable[str], *args: Document) -> Document:
    return {"names": sorted(names), "action": "SCMP_ACT_ALLOW", "args": list(args)}


def _arg(index: int, value: int, op: str) -> Document:
    return {"index": index, "value": value, "valueTwo": 0, "op": op}


def parse(text: str) -> Document:
    """Read a profile as `--security-opt seccomp=` carries it; InvalidRequest if it is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"decoding seccomp profile failed: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("syscalls") or [], list):
        raise InvalidRequest("decoding seccomp profile failed: it is not an object with syscalls")
    if document.get("architectures") and document.get("archMap"):
        raise InvalidRequest(
            "both 'architectures' and 'archMap' are specified in the seccomp profile, use "
            "either 'architectures' or 'archMap'"
        )
    return document


def oci(
    document: Mapping[str, Any],
    *,
    capabilities: Iterable[str],
    machine: str,
    kernel: tuple[int, int],
) -> Document:
    """Decide the conditions of a profile; return what linux.seccomp is to be."""
    go_name, own = MACHINES.get(machine, (machine, ""))
    held = set(capabilities)
    rules = []
    for rule in document.get("syscalls") or ():
        _check(rule)
        if _applies(rule, held, go_name, kernel):
            rules.append(_plain(rule))
    found: Document = {
        "defaultAction": document.get("defaultAction") or "SCMP_ACT_ERRNO",
        "architectures": _architectures(document, own),
        "syscalls": rules,
    }
    for key in ("defaultErrnoRet", "flags", "listenerPath", "listenerMetadata"):
        if document.get(key) is not None:
            found[key] = document[key]
    return found


def _architectures(document: Mapping[str, Any], own: str) -> list[str]:
    if document.get("archMap"):
        for entry in document["archMap"]:
            if entry.get("architecture") == own:
                return [own, *(entry.get("subArchitectures") or ())]
        return [own] if own else []
    return list(document.get("architectures") or ())


def _check(rule: object) -> None:
    if not isinstance(rule, dict):
        raise InvalidRequest("a rule of the seccomp profile is not an object")
    if rule.get("name") and rule.get("names"):
        raise InvalidRequest(
            "both 'name' and 'names' are specified in the seccomp profile, use either 'name' "
            "or 'names'"
        )


def _applies(
    rule: Mapping[str, Any], held: set[str], machine: str, kernel: tuple[int, int]
) -> bool:
    includes = rule.get("includes") or {}
    excludes = rule.get("excludes") or {}
    if includes.get("arches") and machine not in includes["arches"]:
        return False
    if any(name not in held for name in includes.get("caps") or ()):
        return False
    if includes.get("minKernel") and kernel < _version(includes["minKernel"]):
        return False
    if machine in (excludes.get("arches") or ()):
        return False
    if any(name in held for name in excludes.get("caps") or ()):
        return False
    return not (excludes.get("minKernel") and kernel >= _version(excludes["minKernel"]))


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    try:
        return int(major), int(minor or 0)
    except ValueError as error:
        raise InvalidRequest(f"invalid kernel version in seccomp profile: {text}") from error


def _plain(rule: Mapping[str, Any]) -> Document:
    plain: Document = {
        "names": list(rule.get("names") or [rule["name"]]),
        "action": rule.get("action") or "SCMP_ACT_ERRNO",
    }
    if rule.get("errnoRet") is not None:
        plain["errnoRet"] = rule["errnoRet"]
    if rule.get("args"):
        plain["args"] = [dict(arg) for arg in rule["args"]]
    return plain
