"""`sampan ps` starts with little: what it may import is listed here, one by one."""

import contextlib
import json
import socket
import subprocess
import sys
import threading

from sampan.base.settings import environment
from sampan.cli import main as entry
from sampan.cli.bundle import write

SOURCE = entry.__file__.removesuffix("/sampan/cli/main.py")
# Of the standard library, beside what any Python has loaded before the first line.
STDLIB = {
    "__future__",
    "_collections_abc",
    "_json",
    "_socket",
    "_stat",
    "genericpath",
    "os",
    "os.path",
    "posixpath",
    "stat",
}
OURS = {
    "sampan",
    "sampan.base",
    "sampan.base.run_root",
    "sampan.base.settings",
    "sampan.cli",
    "sampan.cli.commands",
    "sampan.cli.commands.container",
    "sampan.cli.commands.container.ls",
    "sampan.cli.context",
    "sampan.cli.errors",
    "sampan.cli.flags",
    "sampan.cli.format",
    "sampan.cli.format.listing",
    "sampan.cli.format.ports",
    "sampan.cli.format.table",
    "sampan.cli.format.text",
    "sampan.cli.format.times",
    "sampan.cli.format.units",
    "sampan.cli.load",
    "sampan.cli.main",
    "sampan.cli.output",
    "sampan.cli.parser",
    "sampan.cli.tree",
    "sampan.client",
    "sampan.client.api",
    "sampan.client.dial",
    "sampan.client.errors",
    "sampan.client.host",
    "sampan.client.jsontext",
    "sampan.client.url",
    "sampan.errors",
    "sampan.http",
    "sampan.http.client",
    "sampan.version",
}
PS = """
import sys
before = set(sys.modules)
sys.path.append({source!r})
from sampan.cli.main import main
code = main(["-H", "unix://{path}", "ps"])
sys.stderr.write("\\n".join(set(sys.modules) - before))
sys.exit(code)
"""


@contextlib.contextmanager
def daemon(path, document):
    """Answer one request on a unix socket."""
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    def serve():
        connection, _ = listener.accept()
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65536)
            connection.sendall(head + body)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.settimeout(20)
        listener.bind(path)
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(20)


def test_ps_imports_no_more_than_it_needs(tmp_path):
    path = str(tmp_path / "s")
    with daemon(path, []):
        done = subprocess.run(
            [sys.executable, "-IS", "-c", PS.format(source=SOURCE, path=path)],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    loaded = set(done.stderr.splitlines())
    assert loaded - STDLIB - OURS == set()
    assert done.stdout.startswith("CONTAINER ID   IMAGE")


def install(tmp_path):
    """Install the script as bin/install-cli does, over a bundle of its own."""
    bundle = tmp_path / "bundle"
    write(SOURCE, str(bundle))
    template = f"{SOURCE}/../bin/sampan"
    with open(template) as file:
        text = file.read()
    for word, value in (("PYTHON", sys.executable), ("SOURCE", SOURCE), ("BUNDLE", str(bundle))):
        text = text.replace(f"@{word}@", value)
    script = tmp_path / "sampan"
    script.write_text(text)
    script.chmod(0o755)
    return script, bundle


def run(script, *words):
    return subprocess.run(
        [str(script), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        env=environment(),
    )


def test_the_installed_script_runs_from_its_bundle(tmp_path):
    script, _ = install(tmp_path)
    done = run(script, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Sampan version ")


def test_a_broken_bundle_is_passed_over(tmp_path):
    script, bundle = install(tmp_path)
    for data in (b"", b"x" * 100, (5).to_bytes(8, "big") + b"hello"):
        bundle.write_bytes(data)
        done = run(script, "ps", "--help")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Usage:  sampan ps")
    bundle.unlink()
    assert run(script, "--version").returncode == 0
