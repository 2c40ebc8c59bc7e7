"""docker-py, the SDK from PyPI, on our socket."""

import gc
import io
import os
import tarfile
import warnings

import docker
import docker.errors
import pytest
from tests.support.daemon_fixtures import daemon, shared_daemon

__all__ = ["daemon", "shared_daemon"]

pytestmark = [
    pytest.mark.root,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]


@pytest.fixture
def client(daemon):
    found = docker.DockerClient(base_url=f"unix://{daemon.socket}", timeout=60)
    yield found
    found.close()
    # docker-py leaves sockets to the collector; not in the middle of somebody else's test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def test_run_gives_the_output(client):
    assert client.containers.run("busybox", ["echo", "hi"], remove=True) == b"hi\n"


def test_run_that_fails_raises_with_the_exit_code_and_stderr(client):
    with pytest.raises(docker.errors.ContainerError) as caught:
        client.containers.run("busybox", ["sh", "-c", "echo no >&2; exit 3"], remove=True)
    assert caught.value.exit_status == 3
    assert caught.value.stderr == b"no\n"


def test_what_is_not_there_is_told_apart(client):
    with pytest.raises(docker.errors.ImageNotFound):
        client.images.get("nobody")
    with pytest.raises(docker.errors.NotFound):
        client.containers.get("nobody")
    with pytest.raises(docker.errors.APIError, match="cannot pull"):
        client.images.pull("nobody")


def test_a_container_in_the_background(client):
    container = client.containers.run("busybox", ["sleep", "600"], detach=True, name="box")
    assert container.status in {"created", "running"}
    container.reload()
    assert container.status == "running"
    assert [each.name for each in client.containers.list()] == ["box"]
    assert container.top()["Processes"]
    assert container.stats(stream=False)["memory_stats"]
    container.pause()
    container.unpause()
    container.rename("crate")
    container.update(mem_limit="100m", memswap_limit="200m")
    container.kill()
    assert container.wait()["StatusCode"] == 137
    container.remove()
    assert client.containers.list(all=True) == []


def test_logs_as_bytes_and_as_a_stream(client):
    container = client.containers.run("busybox", ["sh", "-c", "echo one; echo two"], detach=True)
    assert b"".join(container.logs(stream=True, follow=True)) == b"one\ntwo\n"
    assert container.logs(tail=1) == b"two\n"


def test_exec_demultiplexed_streamed_and_by_socket(client):
    container = client.containers.run("busybox", ["sleep", "600"], detach=True)
    code, (out, err) = container.exec_run(["sh", "-c", "echo o; echo e >&2; exit 2"], demux=True)
    assert (code, out, err) == (2, b"o\n", b"e\n")
    assert b"".join(container.exec_run(["seq", "3"], stream=True).output) == b"1\n2\n3\n"
    _code, sock = container.exec_run("cat", stdin=True, socket=True, tty=True)
    sock._sock.sendall(b"hello\n")
    seen = b""
    while seen.count(b"hello") < 2:
        seen += sock._sock.recv(100)
    sock.close()


def test_an_attached_socket_carries_both_directions(client):
    container = client.containers.create("busybox", "cat", stdin_open=True, tty=True)
    sock = container.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    container.start()
    sock._sock.sendall(b"ping\n")
    seen = b""
    while seen.count(b"ping") < 2:
        seen += sock._sock.recv(100)
    sock.close()
    container.stop(timeout=0)


def test_attach_as_a_stream(client):
    container = client.containers.create("busybox", ["sh", "-c", "echo a; echo b >&2"])
    stream = container.attach(stream=True, logs=True, demux=True)
    container.start()
    assert sorted(stream, key=str) == [(None, b"b\n"), (b"a\n", None)]


def test_archives_go_both_ways(client):
    container = client.containers.create("busybox")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo("note")
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"text"))
    assert container.put_archive("/tmp", out.getvalue())
    chunks, stat = container.get_archive("/tmp/note")
    assert stat["size"] == 4
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
        assert tar.extractfile("note").read() == b"text"
    assert {"Path": "/tmp/note", "Kind": 1} in container.diff()


def test_images_are_tagged_saved_loaded_and_removed(client):
    image = client.images.get("busybox")
    assert image.tag("other", "1")
    data = b"".join(image.save(named=True))
    client.images.remove("other:1")
    [loaded] = client.images.load(data)
    assert loaded.id == image.id
    assert image.history()


def test_volumes_networks_and_events(client):
    volume = client.volumes.create("data", labels={"a": "b"})
    assert client.volumes.get("data").attrs["Labels"] == {"a": "b"}
    volume.remove()
    assert sorted(each.name for each in client.networks.list()) == ["bridge", "host", "none"]
    events = client.events(decode=True, filters={"type": "container"})
    client.containers.run("busybox", "true", remove=True)
    assert next(events)["Action"] == "create"
    events.close()


def test_system_calls(client):
    assert client.ping()
    assert client.version()["ApiVersion"] == "1.51"
    assert client.info()["OSType"] == "linux"
    assert client.df()["Images"]
