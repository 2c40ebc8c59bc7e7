"""Short words for what most tests of the daemon do with containers."""

import socket
from typing import Any

from tests.support.daemon import IMAGE, Api


def create(api: Api, *cmd: str, name: str | None = None, **config: Any) -> str:
    """Create a container from busybox; its id. host=… is its HostConfig."""
    host = config.pop("host", {})
    document = {"Image": IMAGE, "HostConfig": host, **config}
    if cmd:
        document["Cmd"] = list(cmd)
    answer = api.post("/containers/create", document, name=name)
    assert answer.status == 201, answer
    return str(answer.json["Id"])


def start(api: Api, *cmd: str, name: str | None = None, **config: Any) -> str:
    """Create and start; the id."""
    container = create(api, *cmd, name=name, **config)
    answer = api.post(f"/containers/{container}/start")
    assert answer.status == 204, answer
    return container


def start_ready(api: Api, script: str, **config: Any) -> str:
    """Start a shell script that says `ready`, and wait until it has; the id."""
    container = start(api, "sh", "-c", script, **config)
    response = api.open("GET", f"/containers/{container}/logs", stdout=True, follow=True)
    assert b"ready" in response.readline()
    response.close()
    return container


def run(api: Api, *cmd: str, **config: Any) -> tuple[int, str]:
    """Start and wait; the exit code, and standard output and error together."""
    container = start(api, *cmd, **config)
    code = wait(api, container)
    log = api.get(f"/containers/{container}/logs", stdout=True, stderr=True)
    text = log.body if config.get("Tty") else b"".join(part for _n, part in frames(log.body))
    return code, text.decode()


def wait(api: Api, container: str, **query: Any) -> int:
    """Wait for the end; the exit code."""
    return int(api.post(f"/containers/{container}/wait", **query).json["StatusCode"])


def inspect(api: Api, container: str) -> Any:
    """Docker's document of a container."""
    answer = api.get(f"/containers/{container}/json")
    assert answer.status == 200, answer
    return answer.json


def state(api: Api, container: str) -> Any:
    """The State in it."""
    return inspect(api, container)["State"]


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """Docker's multiplexed stream taken apart: stream number and payload."""
    found = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        assert data[at + 1 : at + 4] == b"\0\0\0", data[at : at + 8]
        assert len(data) >= at + 8 + size, "cut frame"
        found.append((data[at], data[at + 8 : at + 8 + size]))
        at += 8 + size
    return found


def read_all(sock: socket.socket) -> bytes:
    """Everything until the other side ends."""
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


def read_until(sock: socket.socket, text: bytes) -> bytes:
    """Everything until a text has come."""
    seen = b""
    while text not in seen:
        part = sock.recv(65536)
        assert part, f"ended before {text!r}: {seen!r}"
        seen += part
    return seen
