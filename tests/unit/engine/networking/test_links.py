"""Old links: their words."""

from sampan.engine.networking.links import Linked, environment, hosts, parse

DB = Linked(
    alias="db-1",
    name="postgres",
    container_id="c" * 64,
    hostname="pg",
    address="172.17.0.5",
    ports=["5433/udp", "5432/tcp"],
    env=["PGDATA=/x", "HOME=/root"],
)


def test_names_and_aliases() -> None:
    assert parse("web:w") == ("web", "w")
    assert parse("web") == ("web", "web")
    assert parse("/web:/me/w") == ("web", "w")


def test_a_link_speaks_of_every_port_and_variable() -> None:
    words = environment("me", [DB])
    assert words[:2] == ["DB_1_NAME=/me/db-1", "DB_1_PORT=tcp://172.17.0.5:5432"]
    assert "DB_1_PORT_5432_TCP_ADDR=172.17.0.5" in words
    assert "DB_1_PORT_5433_UDP_PROTO=udp" in words
    assert "DB_1_ENV_PGDATA=/x" in words
    assert not any("HOME" in word for word in words)


def test_hosts_lines() -> None:
    assert hosts([DB]) == [("172.17.0.5", ["db-1", "pg", "postgres"])]
