"""Our table in the kernel's packet filter: what sampan.network.firewall says, done.

Only our own table is ever written. Somebody else may flush everything at any time (`nft flush
ruleset`, a firewall service starting): an element that is gone when it is to be removed is no
error, and one that cannot be added because the table is gone makes the table be written again.
"""

from collections.abc import Callable, Sequence

from sampan.linux.nftables import Nft, NftError
from sampan.network import firewall
from sampan.network.firewall import BridgeRule, PortRule

Desired = Callable[[], tuple[Sequence[BridgeRule], Sequence[PortRule]]]


class PacketFilter:
    """One table. `desired` tells everything that should be in it, for writing it anew."""

    def __init__(self, nft: Nft, table: str, desired: Desired) -> None:
        self._nft = nft
        self.table = table
        self._desired = desired

    def assert_all(self) -> None:
        """Write the whole table, in one transaction that replaces what is there."""
        bridges, ports = self._desired()
        self._nft.run(firewall.ruleset(self.table, bridges, ports))

    def is_present(self) -> bool:
        """Whether the table is there with all its chains' rules."""
        try:
            listed = self._nft.query(f"list table inet {self.table}")
        except NftError:
            return False
        rules = sum(1 for item in listed if "rule" in item)
        return rules >= firewall.RULES

    def add_bridge(self, rule: BridgeRule) -> None:
        """Make a bridge known."""
        self._add(firewall.add_bridge(self.table, rule))

    def remove_bridge(self, rule: BridgeRule) -> None:
        """Forget a bridge. The record must not be among the desired any more."""
        self._remove(firewall.remove_bridge(self.table, rule))

    def open_ports(self, rules: Sequence[PortRule]) -> None:
        """Open ports."""
        if rules:
            self._add(firewall.open_ports(self.table, rules))

    def close_ports(self, rules: Sequence[PortRule]) -> None:
        """Close ports. The records must not be among the desired any more."""
        if rules:
            self._remove(firewall.close_ports(self.table, rules))

    def drop(self) -> None:
        """Remove the table."""
        self._nft.run(firewall.drop_table(self.table))

    def close(self) -> None:
        """Let go of the library; the table stays."""
        self._nft.close()

    def _add(self, commands: str) -> None:
        try:
            self._nft.run(commands)
        except NftError:
            # Flushed by somebody, or an element that a crash left with another value.
            self.assert_all()
            self._nft.run(commands)

    def _remove(self, commands: str) -> None:
        try:
            self._nft.run(commands)
        except NftError:
            self.assert_all()
