"""A whole daemon in a temporary root: its own socket, bridge, subnet and pidfile.

daemon = Daemon(root)
daemon.start()
daemon.api.get("/containers/json")
daemon.docker("run", "--rm", "busybox", "true")
daemon.stop()
daemon.remove()        # nothing of it is left on the machine
"""

import http.client
import io
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tarfile
import urllib.parse
from pathlib import Path
from typing import Any, NamedTuple

from sampan.base.settings import environment

BUSYBOX = "/bin/busybox"
START_SECONDS = 20
IMAGE = "busybox"


# Compiling the whole daemon anew at every start would double the time these tests take.
_ENVIRONMENT = {
    name: value for name, value in environment().items() if name != "PYTHONDONTWRITEBYTECODE"
}


class Answer(NamedTuple):
    """One response of the API, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as a document."""
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        """The body as a stream of documents."""
        return [json.loads(line) for line in self.body.splitlines() if line.strip()]

    @property
    def message(self) -> str:
        """The sentence of an error."""
        return str(self.json["message"])


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("sampan", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the path."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Api:
    """The Engine API of one daemon, spoken plainly."""

    def __init__(self, path: str) -> None:
        self.path = path

    def open(
        self,
        method: str,
        target: str,
        document: Any = None,
        *,
        body: Any = None,
        timeout: float = 60,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> http.client.HTTPResponse:
        """Ask, and give the response with its body still to be read."""
        words = {key: _word(value) for key, value in query.items() if value is not None}
        if words:
            target += "?" + urllib.parse.urlencode(words, doseq=True)
        connection = UnixConnection(self.path, timeout)
        # The response then owns the socket, and closing it is enough.
        sent = {"Connection": "close", **(headers or {})}
        if document is not None:
            body = json.dumps(document).encode()
            sent["Content-Type"] = "application/json"
        connection.request(method, target, body=body, headers=sent)
        return connection.getresponse()

    def call(self, method: str, target: str, document: Any = None, **rest: Any) -> Answer:
        """Ask, and read the answer whole."""
        with self.open(method, target, document, **rest) as response:
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, headers, response.read())
            response.close()
        return answer

    def get(self, target: str, **rest: Any) -> Answer:
        """GET."""
        return self.call("GET", target, **rest)

    def post(self, target: str, document: Any = None, **rest: Any) -> Answer:
        """POST."""
        return self.call("POST", target, document, **rest)

    def delete(self, target: str, **rest: Any) -> Answer:
        """DELETE."""
        return self.call("DELETE", target, **rest)

    def hijack(
        self, target: str, document: Any = None, *, upgrade: bool = True, early: bytes = b""
    ) -> "tuple[str, socket.socket]":
        """POST and take the connection over; the head and the socket. early goes with it."""
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(60)
        sock.connect(self.path)
        body = b"" if document is None else json.dumps(document).encode()
        lines = [f"POST {target} HTTP/1.1", "Host: sampan", f"Content-Length: {len(body)}"]
        if body:
            lines.append("Content-Type: application/json")
        if upgrade:
            lines += ["Connection: Upgrade", "Upgrade: tcp"]
        sock.sendall("\r\n".join([*lines, "", ""]).encode() + body + early)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = sock.recv(1)
            assert byte, head
            head += byte
        return head.decode(), sock


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value) if isinstance(value, dict) else value


class Daemon:
    """One sampand below a directory."""

    def __init__(self, root: Path, *flags: str) -> None:
        self.root = root
        self.socket = str(root / "sock")
        self.log = root / "log"
        # Names and subnets that no other daemon on the machine has: from the pid, which is
        # unique while we live, and a counter.
        Daemon._count += 1
        number = (os.getpid() * 7 + Daemon._count) % 0xFFFF
        self.bridge = f"spt{number:x}"
        subnet = f"10.{200 + (number >> 8) % 50}.{number & 0xFF}.1/24"
        self._names = ["--bridge", self.bridge, "--bip", subnet]
        self._flags = list(flags)
        self.process: subprocess.Popen[bytes] | None = None
        self.api = Api(self.socket)

    _count = 0

    def command(self, *more: str) -> list[str]:
        """The command line of this daemon."""
        config = self.root / "daemon.json"
        if not config.exists():
            config.write_text("{}")
        return [
            *(sys.executable, "-m", "sampan.daemon"),
            *("--data-root", str(self.root / "data"), "--exec-root", str(self.root / "exec")),
            *("--pidfile", str(self.root / "pid"), "-H", f"unix://{self.socket}"),
            *("--config-file", str(config)),
            *self._names,
            *self._flags,
            *more,
        ]

    def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        notify = str(self.root / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            if os.path.exists(notify):
                os.unlink(notify)
            ready.bind(notify)
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    self.command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**_ENVIRONMENT, "NOTIFY_SOCKET": notify},
                )
            pidfd = os.pidfd_open(self.process.pid)
            try:
                with selectors.DefaultSelector() as selector:
                    selector.register(ready, selectors.EVENT_READ)
                    selector.register(pidfd, selectors.EVENT_READ)
                    events = selector.select(START_SECONDS)
            finally:
                os.close(pidfd)
            if not any(key.fileobj is ready for key, _mask in events):
                self.kill()
                raise AssertionError(f"sampand did not start:\n{self.log.read_text()}")

    @property
    def pid(self) -> int:
        """The daemon's process."""
        assert self.process is not None
        return self.process.pid

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process = None
        return code

    def kill(self) -> None:
        """kill -9, and wait."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)
        self.process = None

    def remove(self) -> None:
        """End it and everything of it."""
        if self.process is not None:
            self.stop()
        done = subprocess.run(
            self.command("--remove-all"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=_ENVIRONMENT,
        )
        assert done.returncode == 0, done.stderr

    def docker(
        self,
        *words: str,
        stdin: bytes = b"",
        timeout: float = 60,
        env: dict[str, str] | None = None,
    ) -> "subprocess.CompletedProcess[bytes]":
        """Docker's own client on our socket."""
        return subprocess.run(
            ["docker", "-H", f"unix://{self.socket}", *words],
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
            env={**environment(), "DOCKER_CONFIG": str(self.root / "docker"), **(env or {})},
        )

    def docker_ok(self, *words: str, **rest: Any) -> str:
        """The same; its output, and a failed test when it fails."""
        done = self.docker(*words, **rest)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout.decode().removesuffix("\n")

    def load_busybox(self) -> None:
        """Make the image `busybox` from Debian's busybox-static."""
        answer = self.api.post(
            "/images/create", body=busybox_tar(), fromSrc="-", repo=IMAGE, changes='CMD ["sh"]'
        )
        assert answer.status == 200, answer
        assert "error" not in answer.lines[-1], answer.lines

    def clear(self) -> None:
        """Remove all containers, volumes and networks that tests made."""
        for container in self.api.get("/containers/json", all=True).json:
            self.api.delete(f"/containers/{container['Id']}", force=True, v=True)
        self.api.post("/volumes/prune", filters={"all": ["true"]})
        self.api.post("/networks/prune")


def busybox_tar() -> bytes:
    """A root file system with busybox and its commands."""
    names = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, mode in (("bin", 0o755), ("etc", 0o755), ("root", 0o700), ("tmp", 0o1777)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)
        for path, text in (
            ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"),
            ("etc/group", "root:x:0:\nnogroup:x:65534:\nstaff:x:50:nobody\n"),
        ):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(text), 0o644
            tar.addfile(entry, io.BytesIO(text.encode()))
        program = Path(BUSYBOX).read_bytes()
        entry = tarfile.TarInfo("bin/busybox")
        entry.size, entry.mode = len(program), 0o755
        tar.addfile(entry, io.BytesIO(program))
        for name in names.stdout.split():
            if name != "busybox":
                entry = tarfile.TarInfo(f"bin/{name}")
                entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(entry)
    return out.getvalue()
