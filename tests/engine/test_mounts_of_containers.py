"""Binds, volumes and tmpfs as programs inside find them."""

import os

import pytest
from tests.engine.conftest import output, wish

from sampan.engine.containers.commit import commit
from sampan.engine.containers.create import create
from sampan.engine.containers.remove import remove
from sampan.engine.volumes.create import create as create_volume
from sampan.engine.volumes.list_ import list_ as list_volumes
from sampan.errors import InvalidRequest
from sampan.schema.mount import Mount
from sampan.schema.volume import VolumeCreate


def test_a_new_volume_takes_over_what_the_image_has(bench) -> None:
    async def work(engine):
        script = "chmod 700 /root; echo x > /root/file; ln -s file /root/link; chown 7:8 /root/file"
        code, _ = await output(engine, wish("sh", "-c", script), name="base")
        assert code == 0
        await commit(engine, "base", repo="filled")
        request = wish("sh", "-c", "stat -c '%a %u %g %N' /root/* /root", binds=["vol:/root"])
        request.image = "filled"
        code, text = await output(engine, request)
        assert code == 0
        assert "7 8 /root/file" in text
        assert "/root/link" in text
        mountpoint = engine.volumes.get("vol").mountpoint
        assert os.stat(mountpoint).st_mode & 0o777 == 0o700
        # What was there already is not copied over.
        os.unlink(f"{mountpoint}/link")
        code, text = await output(engine, request)
        assert "link" not in text

    bench.run(work)


def test_nocopy_leaves_a_volume_empty(bench) -> None:
    async def work(engine):
        code, text = await output(engine, wish("ls", "/etc", binds=["vol:/etc:nocopy"]))
        assert code == 0
        assert "passwd" not in text

    bench.run(work)


def test_volumes_from_another_container_read_only(bench, tmp_path) -> None:
    async def work(engine):
        (tmp_path / "host").mkdir()
        made = await create(
            engine, wish("true", binds=["vol:/v", f"{tmp_path}/host:/h", "/anon"]), name="donor"
        )
        code, text = await output(engine, wish("touch", "/v/1", "/h/1", volumes_from=["donor"]))
        assert (code, text) == (0, "")
        code, text = await output(engine, wish("touch", "/v/2", volumes_from=["donor:ro"]))
        assert code == 1
        assert "Read-only" in text
        assert os.listdir(tmp_path / "host") == ["1"]
        await remove(engine, made["Id"], volumes=True)

    bench.run(work)


def test_a_missing_source_is_made_for_v_and_refused_for_mount(bench, tmp_path) -> None:
    async def work(engine):
        await create(engine, wish("true", binds=[f"{tmp_path}/made/deep:/x"]))
        assert (tmp_path / "made" / "deep").is_dir()
        mount = Mount(type="bind", source=f"{tmp_path}/absent", target="/x")
        with pytest.raises(InvalidRequest, match=f"does not exist: {tmp_path}/absent"):
            await create(engine, wish("true", mounts=[mount]))

    bench.run(work)


def test_one_file_can_be_bound(bench, tmp_path) -> None:
    (tmp_path / "file").write_text("from the host")

    async def work(engine):
        request = wish("cat", "/etc/motd", binds=[f"{tmp_path}/file:/etc/motd:ro"])
        assert await output(engine, request) == (0, "from the host")

    bench.run(work)


def test_two_mounts_at_one_place_are_refused_and_leave_no_volume(bench) -> None:
    async def work(engine):
        with pytest.raises(InvalidRequest, match="Duplicate mount point: /x"):
            await create(engine, wish("true", binds=["one:/x", "two:/x"]))
        mount = Mount(type="bind", source="/absent", target="/y")
        with pytest.raises(InvalidRequest):
            await create(engine, wish("true", binds=["/anon", "one:/x"], mounts=[mount]))
        assert (await list_volumes(engine))["Volumes"] == []

    bench.run(work)


def test_tmpfs_in_both_forms(bench) -> None:
    async def work(engine):
        mount = Mount(type="tmpfs", target="/b")
        request = wish("sh", "-c", "grep -c ' /[ab] tmpfs' /proc/mounts", tmpfs={"/a": "size=1m"})
        request.host_config.mounts = [mount]
        assert await output(engine, request) == (0, "2\n")

    bench.run(work)


def test_anonymous_volumes_go_with_rm(bench) -> None:
    async def work(engine):
        await create_volume(engine, VolumeCreate(name="kept"))
        request = wish("true", binds=["kept:/k", "/anon"], auto_remove=True)
        await output(engine, request)
        await engine.teardown.idle()
        left = (await list_volumes(engine))["Volumes"]
        assert [volume["Name"] for volume in left] == ["kept"]

    bench.run(work)


def test_copy_up_through_a_symlink_of_the_image_stays_inside(bench, tmp_path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("of the host")

    async def work(engine):
        script = f"ln -s {tmp_path}/secret /trap"
        assert (await output(engine, wish("sh", "-c", script), name="base"))[0] == 0
        await commit(engine, "base", repo="hostile")
        request = wish("true", binds=["vol:/trap"])
        request.image = "hostile"
        await create(engine, request)
        assert os.listdir(engine.volumes.get("vol").mountpoint) == []

    bench.run(work)
