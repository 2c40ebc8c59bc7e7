"""A whole engine in this process: real rooms, a bridge and a data root of its own, no HTTP."""

import asyncio
import io
import os
from pathlib import Path

import pytest
from tests.support.daemon import Daemon, busybox_tar

from sampan.cgroup.driver import detect
from sampan.engine.containers.attach import attach
from sampan.engine.containers.create import create
from sampan.engine.containers.remove import remove
from sampan.engine.containers.start import start
from sampan.engine.containers.wait import wait
from sampan.engine.engine import Engine
from sampan.engine.options import Options
from sampan.images.store import Images
from sampan.network.networks import Networks
from sampan.network.options import NetworkOptions
from sampan.schema.container import ContainerCreate
from sampan.schema.host_config import HostConfig
from sampan.state.database import Database
from sampan.storage.content import ContentStore
from sampan.storage.drivers.overlay import Overlay


def pytest_collection_modifyitems(items):
    for item in items:
        if "engine" in item.path.parts and "unit" not in item.path.parts:
            item.add_marker(pytest.mark.root)
            if os.geteuid() != 0:
                item.add_marker(pytest.mark.skip(reason="needs root"))


class Bench:
    """Engines on one data root, one after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # The same numbers as the daemons of this run have, so that the leak check knows them.
        Daemon._count += 1
        number = (os.getpid() * 7 + Daemon._count) % 0xFFFF
        self.bridge = f"spt{number:x}"
        self.subnet = f"10.{200 + (number >> 8) % 50}.{number & 0xFF}.1/24"
        for name in ("data", "exec"):
            (root / name).mkdir()

    def engine(self, **options) -> Engine:
        """Make an engine; not started."""
        wish = Options(
            data_root=str(self.root / "data"),
            exec_root=str(self.root / "exec"),
            bridge=self.bridge,
            **options,
        )
        data = wish.data()
        database = Database(data.database)
        snapshots = Overlay(data)
        networks = Networks(database, NetworkOptions(bridge=self.bridge, bip=self.subnet))
        images = Images(database, ContentStore(data), snapshots)
        return Engine(wish, database, images, snapshots, networks, detect())

    def run(self, work, **options):
        """Start an engine, do the work, shut it down; what runs goes on."""

        async def main():
            engine = self.engine(**options)
            await engine.start()
            try:
                if not len(engine.images):
                    tar = io.BytesIO(busybox_tar())
                    engine.images.import_(tar, repository="busybox", changes=['CMD ["sh"]'])
                return await work(engine)
            finally:
                await engine.shutdown()

        return asyncio.run(main())

    def end(self) -> None:
        """Take everything down."""

        async def main():
            engine = self.engine()
            await engine.start()
            for container in engine.containers:
                await remove(engine, container.id, force=True)
            await engine.shutdown()

        asyncio.run(main())
        # Not while an engine runs: it would put right what is taken away.
        database = Database(str(self.root / "data" / "state.db"))
        networks = Networks(database, NetworkOptions(bridge=self.bridge, bip=self.subnet))
        networks.cleanup()
        networks.close()
        database.close()


@pytest.fixture
def bench(tmp_path):
    """A data root for this test, with busybox in it once an engine ran."""
    made = Bench(tmp_path)
    yield made
    made.end()


def wish(*cmd: str, **host) -> ContainerCreate:
    """A request for busybox."""
    config = {key: host.pop(key) for key in list(host) if key in ContainerCreate.__struct_fields__}
    return ContainerCreate(image="busybox", cmd=list(cmd), host_config=HostConfig(**host), **config)


async def output(engine: Engine, request: ContainerCreate, name: str = "") -> tuple[int, str]:
    """Run a container to its end; its exit code and all it wrote."""
    made = await create(engine, request, name=name)
    attached = await attach(engine, made["Id"], stream=True, stdout=True, stderr=True)
    done = await wait(engine, made["Id"], condition="next-exit")
    assert attached.sock is not None
    with attached.sock as sock:
        await start(engine, made["Id"])
        sock.settimeout(0)
        loop = asyncio.get_running_loop()
        data = bytearray()
        while block := await loop.sock_recv(sock, 65536):
            data += block
    text = bytearray()
    while data:
        size = int.from_bytes(data[4:8], "big")
        text += data[8 : 8 + size]
        del data[: 8 + size]
    return (await done)["StatusCode"], text.decode()
