"""Getting along with a firewall that drops all forwarding by policy, as dockerd's and ufw's do.

An accept in our own table does not lift a drop in another: every hook's tables all have their
say (nft(8)). Where the iptables FORWARD chain has policy DROP, our bridges are therefore let
through there, in DOCKER-USER when it exists (dockerd keeps that chain for others to use, and
asks it first), and our own table goes on deciding. These rules, and nothing else, are what
Sampan ever writes outside its own table.

Both kinds of iptables are looked after. The nft kind is the table `filter` of nftables, and the
rules written there are such as iptables itself would write, so that it can list them. The
legacy kind needs its program.
"""

import logging
import subprocess
from collections.abc import Iterable
from typing import Any

from sampan.linux.nftables import Nft, NftError

log = logging.getLogger(__name__)

FORWARD = "FORWARD"
DOCKER_USER = "DOCKER-USER"
CHAINS = (DOCKER_USER, FORWARD)

# iptables by family of nftables: program, and where the kernel lists the legacy tables in use.
_LEGACY = {
    "ip": ("iptables-legacy", "/proc/thread-self/net/ip_tables_names"),
    "ip6": ("ip6tables-legacy", "/proc/thread-self/net/ip6_tables_names"),
}
_DIRECTIONS = (("iifname", "-i"), ("oifname", "-o"))


class Admission:
    """Rules that admit our bridges to other people's FORWARD chains."""

    def __init__(self, nft: Nft) -> None:
        self._nft = nft

    def admit(self, devices: Iterable[str]) -> None:
        """See that every device is let through wherever the policy is to drop."""
        devices = list(devices)
        for family, (program, names) in _LEGACY.items():
            self._admit_nft(family, devices)
            if _legacy_in_use(names):
                _admit_legacy(program, devices)

    def withdraw(self, devices: Iterable[str]) -> None:
        """Take our rules for these devices away again, wherever they are."""
        devices = list(devices)
        for family, (program, names) in _LEGACY.items():
            self._withdraw_nft(family, devices)
            if _legacy_in_use(names):
                _withdraw_legacy(program, devices)

    def _admit_nft(self, family: str, devices: list[str]) -> None:
        forward = self._listed(family, FORWARD)
        if not any(item.get("chain", {}).get("policy") == "drop" for item in forward):
            return
        user = self._listed(family, DOCKER_USER)
        chain, present = (DOCKER_USER, user) if user else (FORWARD, forward)
        held = {found for found, _ in _admissions(present)}
        commands = [
            f'insert rule {family} filter {chain} {key} "{device}" counter accept'
            for device in devices
            for key, _ in _DIRECTIONS
            if (key, device) not in held
        ]
        if commands:
            self._nft.run("\n".join(commands))
            log.info("admitted %s to chain %s of %s filter", ", ".join(devices), chain, family)

    def _withdraw_nft(self, family: str, devices: list[str]) -> None:
        commands = [
            f"delete rule {family} filter {chain} handle {handle}"
            for chain in CHAINS
            for (_, device), handle in _admissions(self._listed(family, chain))
            if device in devices
        ]
        if commands:
            self._nft.run("\n".join(commands))

    def _listed(self, family: str, chain: str) -> list[dict[str, Any]]:
        try:
            return self._nft.query(f"list chain {family} filter {chain}")
        except NftError:
            return []  # no such chain


def _admissions(listed: list[dict[str, Any]]) -> list[tuple[tuple[str, str], int]]:
    """Find rules of our making: ((iifname or oifname, device), handle)."""
    found = []
    for item in listed:
        rule = item.get("rule", {})
        expressions = [part for part in rule.get("expr", []) if "counter" not in part]
        if len(expressions) != 2 or "accept" not in expressions[1]:
            continue
        match = expressions[0].get("match", {})
        key = match.get("left", {}).get("meta", {}).get("key", "")
        if match.get("op") == "==" and key in {"iifname", "oifname"}:
            found.append(((key, match["right"]), rule["handle"]))
    return found


def _legacy_in_use(names: str) -> bool:
    # Asked first, because listing a legacy table creates it.
    try:
        with open(names, encoding="ascii") as file:
            return "filter" in file.read().split()
    except OSError:
        return False


def _admit_legacy(program: str, devices: list[str]) -> None:
    listed = _run(program, "-S")
    if listed is None or f"-P {FORWARD} DROP" not in listed:
        return
    chain = DOCKER_USER if f"-N {DOCKER_USER}" in listed else FORWARD
    for device in devices:
        for _, flag in _DIRECTIONS:
            if f"-A {chain} {flag} {device} -j ACCEPT" not in listed:
                _run(program, "-I", chain, flag, device, "-j", "ACCEPT")
                log.info("admitted %s %s to chain %s of %s", flag, device, chain, program)


def _withdraw_legacy(program: str, devices: list[str]) -> None:
    for line in _run(program, "-S") or ():
        words = line.split()
        ours = words[:1] == ["-A"] and words[4:] == ["-j", "ACCEPT"] and words[1] in CHAINS
        if ours and words[2] in {"-i", "-o"} and words[3] in devices:
            _run(program, "-D", *words[1:])


def _run(program: str, *arguments: str) -> list[str] | None:
    """Run iptables; return its lines, None when it is missing or refuses (which is logged)."""
    # -w: wait for whoever holds its lock, as dockerd does.
    try:
        done = subprocess.run(
            [program, "-w", "10", *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or error
        log.warning("%s %s: %s", program, " ".join(arguments), said)
        return None
    return done.stdout.splitlines()
