"""A machine made of network namespaces: a host, the outside world, and sandboxes.

    outside 198.51.100.1 ---- 198.51.100.2 uplink host 198.51.100.3

The test's own thread lives in the host's namespace while the lab is open, so nothing that the
tests do (not even `nft flush ruleset`) touches the machine they run on.
"""

import os
import select
import socket
import subprocess
import time
from contextlib import ExitStack

from sampan.linux import netns
from sampan.linux.namespaces import CLONE_NEWNET, setns, unshare
from sampan.linux.netlink import address, link, route
from sampan.linux.netlink.socket import Netlink
from sampan.network import sysctl
from sampan.network.driver import Wishes
from sampan.network.networks import Networks
from sampan.network.options import NetworkOptions
from sampan.state.database import Database

RTMGRP_LINK = 1

OUTSIDE = "198.51.100.1"
HOST = "198.51.100.2"
HOST_TOO = "198.51.100.3"
OUTSIDE6 = "2001:db8::1"
HOST6 = "2001:db8::2"


class Sandbox:
    """A process in a network namespace of its own, as a container's init is."""

    def __init__(self, name):
        self.name = name
        self.id = os.urandom(32).hex()
        self._process = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo ready; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout.readline() == b"ready\n"
        self.pid = self._process.pid
        self.pidfd = os.pidfd_open(self.pid)
        self._sockets = []

    def inside(self):
        return netns.entered(self.pidfd)

    def listen(self, port, ip="", protocol="tcp"):
        """Open a server socket inside."""
        kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        with self.inside():
            server = socket.socket(family, kind)
        self._sockets.append(server)
        server.settimeout(2)
        server.bind((ip, port))
        if protocol == "tcp":
            server.listen()
        return server

    def connect(self, ip, port, timeout=2):
        with self.inside():
            return connect(ip, port, timeout)

    def links(self):
        with self.inside(), Netlink() as inside:
            return {found.name: found for found in link.list_links(inside)}

    def addresses(self):
        with self.inside(), Netlink() as inside:
            return [f"{a.address}/{a.prefix}" for a in address.list_addresses(inside)]

    def routes(self):
        with self.inside(), Netlink() as inside:
            return [(r.destination, r.gateway) for r in route.list_routes(inside)]

    def kill(self):
        """End the process; the kernel takes the namespace down some time later."""
        for server in self._sockets:
            server.close()
        self._process.stdin.close()
        self._process.wait()

    def close(self):
        self.kill()
        self._process.stdout.close()
        os.close(self.pidfd)


class Lab:
    """The machine. Use in a with statement."""

    def __enter__(self):
        self._stack = ExitStack()
        home = netns.open_current()
        self._stack.callback(os.close, home)
        self._stack.callback(setns, home, CLONE_NEWNET)
        unshare(CLONE_NEWNET)
        self.netlink = self._stack.enter_context(Netlink())
        self.outside = self.sandbox("outside")
        self._wire_up()
        return self

    def __exit__(self, *error):
        self._stack.close()

    def ready(self, database=None, **options):
        """Networks with everything in place."""
        made = self.networks(database, **options)
        made.ensure_defaults()
        return made

    def sandbox(self, name="c1"):
        made = Sandbox(name)
        self._stack.callback(made.close)
        return made

    def networks(self, database=None, **options):
        if database is None:
            database = Database(":memory:")
            self._stack.callback(database.close)
        made = Networks(database, NetworkOptions(**options))
        self._stack.callback(made.close)
        return made

    def bridge_netfilter(self, *, on):
        """Whether bridged packets go through the packet filter of the host."""
        sysctl.write("bridge/bridge-nf-call-iptables", "1" if on else "0")

    def links(self):
        return {found.name: found for found in link.list_links(self.netlink)}

    def wait_for_links(self, names, seconds=10):
        """Wait until these links are all there are; the kernel tells of each that goes."""
        with Netlink(groups=RTMGRP_LINK) as news:
            deadline = time.monotonic() + seconds
            while set(self.links()) != names:
                left = deadline - time.monotonic()
                assert left > 0, set(self.links()) ^ names
                select.select([news], [], [], left)
                news.receive_nowait()

    def run(self, *command):
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def nft(self, command):
        return self.run("nft", *command.split())

    def _wire_up(self):
        with self.outside.inside():
            there = netns.open_current()
        self.netlink.call(link.set_up("lo"), link.add_bridge("tmp0", "02:00:00:00:00:01"))
        master = link.get_link(self.netlink, "tmp0").ifindex
        self.netlink.call(
            link.add_veth(
                "uplink",
                peer="world",
                peer_mac="02:00:00:00:00:02",
                peer_netns=there,
                master=master,
            ),
            link.set_master("uplink", 0),
            link.delete("tmp0"),
        )
        os.close(there)
        index = link.get_link(self.netlink, "uplink").ifindex
        with self.outside.inside(), Netlink() as world:
            far = socket.if_nametoindex("world")
            world.call(
                link.set_up("lo"),
                address.add_address(far, OUTSIDE, 24),
                address.add_address(far, OUTSIDE6, 64),
                link.set_up("world"),
                link.settle(far),
            )
        self.netlink.call(
            link.settle(index),
            address.add_address(index, HOST, 24),
            address.add_address(index, HOST_TOO, 24),
            address.add_address(index, HOST6, 64),
            route.add_route("0.0.0.0/0", index=index, gateway=OUTSIDE),
        )
        # New namespaces inherit it from the machine, where a dockerd may have set it.
        self.bridge_netfilter(on=False)


def start(networks, sandbox, *bindings, network="bridge", **wishes):
    """Allocate and attach in one go."""
    endpoint = networks.allocate(sandbox.id, network, Wishes(container_name=sandbox.name, **wishes))
    return endpoint, networks.attach(endpoint, sandbox.pidfd, bindings)


def connect(ip, port, timeout=2):
    """Connect from the namespace of the thread; None when it fails or nobody answers."""
    try:
        return socket.create_connection((ip, port), timeout)
    except OSError:
        return None


def reaches(client, server):
    """Whether a connection that was made arrived at this server; returns who it sees."""
    if client is None:
        return None
    with client:
        accepted, peer = server.accept()
        with accepted:
            accepted.sendall(b"hello")
            assert client.recv(5) == b"hello"
    return peer[0]
