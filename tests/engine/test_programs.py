"""What a program finds when it runs: user, environment, limits, security; and how it fails."""

import pytest
from tests.engine.conftest import output, wish

from sampan.engine.containers.create import create
from sampan.engine.containers.inspect import inspect
from sampan.engine.containers.start import start
from sampan.errors import InvalidRequest, StartFailed
from sampan.schema.host_config import DeviceMapping, Ulimit


def test_user_groups_and_home(bench) -> None:
    async def work(engine):
        request = wish("sh", "-c", "id -u; id -g; id -G; echo $HOME", user="nobody")
        assert await output(engine, request) == (0, "65534\n65534\n65534 50\n/\n")
        request = wish("sh", "-c", "id -u; id -G", user="7:staff", group_add=["99"])
        assert await output(engine, request) == (0, "7\n50 99\n")

    bench.run(work)


def test_a_changed_passwd_counts_at_the_next_start(bench) -> None:
    async def work(engine):
        line = "eve:x:4321:4321::/home/eve:/bin/sh"
        script = f"[ $(id -u) = 0 ] && echo {line} >> /etc/passwd; id -u"
        made = await create(engine, wish("sh", "-c", script), name="changing")
        await start(engine, made["Id"])
        await engine.live(made["Id"]).ended.wait()
        engine.containers.resolve("changing").config.user = "eve"
        await start(engine, made["Id"])
        await engine.live(made["Id"]).ended.wait()
        assert (await inspect(engine, "changing"))["State"]["ExitCode"] == 0

    bench.run(work)


def test_an_unknown_user_is_refused_and_the_container_stays_as_it_was(bench) -> None:
    async def work(engine):
        made = await create(engine, wish("true", user="nobody-here"), name="bad")
        with pytest.raises(InvalidRequest, match="unable to find user nobody-here"):
            await start(engine, made["Id"])
        state = (await inspect(engine, "bad"))["State"]
        assert (state["Status"], state["Pid"]) == ("created", 0)
        assert "unable to find user" in state["Error"]

    bench.run(work)


@pytest.mark.parametrize(
    ("program", "code"), [("nothing-there", 127), ("/etc", 126), ("/etc/passwd", 126)]
)
def test_programs_that_cannot_run(bench, program, code) -> None:
    async def work(engine):
        made = await create(engine, wish(program), name="bad")
        with pytest.raises(StartFailed) as caught:
            await start(engine, made["Id"])
        assert caught.value.exit_code == code
        assert (await inspect(engine, "bad"))["State"]["ExitCode"] == code

    bench.run(work)


def test_limits_and_devices(bench) -> None:
    async def work(engine):
        request = wish(
            "sh",
            "-c",
            "ulimit -n; ls -l /dev/nothing; cat /proc/sys/net/ipv4/ip_forward; df /dev/shm",
            ulimits=[Ulimit(name="nofile", soft=99, hard=100)],
            devices=[DeviceMapping(path_on_host="/dev/null", path_in_container="/dev/nothing")],
            sysctls={"net.ipv4.ip_forward": "0"},
            shm_size=1 << 20,
        )
        code, text = await output(engine, request)
        lines = text.splitlines()
        assert code == 0
        assert lines[0] == "99"
        assert lines[1].startswith("crw")
        assert " 1,   3 " in lines[1]
        assert lines[2] == "0"
        assert lines[4].split()[1] == "1024"

    bench.run(work)


def test_a_missing_device_is_named(bench) -> None:
    async def work(engine):
        request = wish("true", devices=[DeviceMapping(path_on_host="/dev/not-there")])
        with pytest.raises(InvalidRequest, match='custom device "/dev/not-there"'):
            await output(engine, request)

    bench.run(work)


def test_nothing_is_possible_that_docker_forbids(bench) -> None:
    async def work(engine):
        script = (
            "grep -E 'CapBnd|Seccomp:' /proc/self/status; mount -t tmpfs x /tmp 2>&1; "
            "cat /proc/kcore | wc -c; echo 1 2>&1 > /proc/sys/kernel/panic"
        )
        _, text = await output(engine, wish("sh", "-c", script))
        assert "CapBnd:\t00000000a80425fb" in text
        assert "Seccomp:\t2" in text
        assert "permission denied" in text.lower()
        assert "\n0\n" in text
        assert "Read-only" in text

    bench.run(work)


def test_the_working_directory_is_made(bench) -> None:
    async def work(engine):
        assert await output(engine, wish("pwd", working_dir="/a/b")) == (0, "/a/b\n")

    bench.run(work)


def test_an_init_in_front(bench) -> None:
    async def work(engine):
        code, text = await output(engine, wish("sh", "-c", "echo $$", init=True))
        assert code == 0
        assert text.strip() != "1"

    bench.run(work)


def test_a_read_only_root(bench) -> None:
    async def work(engine):
        code, text = await output(engine, wish("touch", "/x", readonly_rootfs=True))
        assert code == 1
        assert "Read-only file system" in text

    bench.run(work)
