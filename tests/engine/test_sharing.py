"""Namespaces shared with the host and with other containers; links; names."""

import pytest
from tests.engine.conftest import output, wish

from sampan.engine.containers.create import create
from sampan.engine.containers.start import start
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.schema.host_config import HostConfig


async def donor(engine, **host) -> str:
    made = await create(engine, wish("sleep", "600", **host), name="donor")
    await start(engine, made["Id"])
    return made["Id"]


def test_a_network_is_shared_with_names_and_addresses(bench) -> None:
    async def work(engine):
        identity = await donor(engine)
        request = wish(
            "sh", "-c", "hostname; ip -o -4 addr; cat /etc/hosts", network_mode="container:donor"
        )
        _, text = await output(engine, request)
        container = engine.containers.resolve(identity)
        address = container.networks["bridge"].ip_address
        assert text.splitlines()[0] == identity[:12]
        assert f"inet {address}/" in text
        assert f"{address}\t{identity[:12]}" in text

    bench.run(work)


def test_a_pid_namespace_is_shared(bench) -> None:
    async def work(engine):
        await donor(engine)
        _, text = await output(engine, wish("ps", pid_mode="container:donor"))
        assert "sleep 600" in text

    bench.run(work)


def test_shared_memory_is_shared_only_when_the_donor_allows(bench) -> None:
    async def work(engine):
        identity = await donor(engine, ipc_mode="shareable")
        joined = HostConfig(ipc_mode="container:donor")
        assert await output(
            engine, wish("sh", "-c", "echo hi > /dev/shm/x", ipc_mode=joined.ipc_mode)
        ) == (0, "")
        assert await output(engine, wish("cat", "/dev/shm/x", ipc_mode=joined.ipc_mode)) == (
            0,
            "hi\n",
        )
        engine.containers.resolve(identity).host_config.ipc_mode = "private"
        with pytest.raises(Conflict, match="non-shareable IPC"):
            await output(engine, wish("true", ipc_mode=joined.ipc_mode))

    bench.run(work)


def test_sharing_with_nobody_or_with_a_stopped_one_is_refused(bench) -> None:
    async def work(engine):
        with pytest.raises(NotFound):
            await create(engine, wish("true", network_mode="container:nobody"))
        await create(engine, wish("true"), name="stopped")
        with pytest.raises(Conflict, match="is not running"):
            await output(engine, wish("true", network_mode="container:stopped"))

    bench.run(work)


def test_a_link_gives_environment_and_a_hosts_line(bench) -> None:
    async def work(engine):
        identity = await donor(engine, exposed_ports={"5432/tcp": {}}, env=["PGDATA=/x"])
        request = wish("sh", "-c", "env; cat /etc/hosts", links=["donor:db"])
        _, text = await output(engine, request)
        address = engine.containers.resolve(identity).networks["bridge"].ip_address
        assert f"DB_PORT=tcp://{address}:5432" in text
        assert "DB_ENV_PGDATA=/x" in text
        assert f"{address}\tdb {identity[:12]} donor" in text

    bench.run(work)


def test_a_link_to_nobody_is_refused(bench) -> None:
    async def work(engine):
        with pytest.raises(InvalidRequest, match="could not get container for nobody"):
            await create(engine, wish("true", links=["nobody:x"]))

    bench.run(work)


def test_the_hosts_namespaces(bench) -> None:
    async def work(engine):
        request = wish(
            "hostname", network_mode="host", pid_mode="host", uts_mode="host", ipc_mode="host"
        )
        assert await output(engine, request) == (0, engine.facts.hostname + "\n")

    bench.run(work)


def test_names_added_by_hand_and_the_hosts_gateway(bench) -> None:
    async def work(engine):
        request = wish(
            "cat", "/etc/hosts", extra_hosts=["far:10.9.8.7", "host.internal:host-gateway"]
        )
        _, text = await output(engine, request)
        gateway = bench.subnet.partition("/")[0]
        assert "10.9.8.7\tfar" in text
        assert f"{gateway}\thost.internal" in text

    bench.run(work)


def test_name_servers_of_the_container(bench) -> None:
    async def work(engine):
        request = wish(
            "cat", "/etc/resolv.conf", dns=["9.9.9.9"], dns_search=["lan"], dns_options=["ndots:2"]
        )
        _, text = await output(engine, request)
        assert text == "nameserver 9.9.9.9\nsearch lan\noptions ndots:2\n"

    bench.run(work)
