"""A whole config.json."""

from sampan.engine.spec.build import Resolved, build, rlimits
from sampan.engine.spec.users import User
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig, Ulimit
from sampan.schema.mount import Mount, TmpfsOptions
from sampan.state.containers import Container


def made(**host) -> dict:
    container = Container(
        id="c" * 64,
        name="web",
        created="",
        image_id="",
        config=ContainerConfig(
            hostname="box", cmd=["ls", "-l"], entrypoint=["/bin/sh"], env=["A=1"]
        ),
        host_config=HostConfig(**host),
    )
    facts = Resolved(user=User(5, 6, [7], "/home/x"), device_number=lambda _: (8, 0))
    return build(container, facts)


def test_the_process_is_what_was_asked_for() -> None:
    process = made()["process"]
    assert process["args"] == ["/bin/sh", "ls", "-l"]
    assert process["user"] == {"uid": 5, "gid": 6, "additionalGids": [7]}
    assert process["cwd"] == "/"
    assert process["env"][-2:] == ["A=1", "HOME=/home/x"]
    assert process["noNewPrivileges"] is False


def test_the_hostname_is_for_a_uts_namespace_of_its_own() -> None:
    assert made()["hostname"] == "box"
    assert "hostname" not in made(uts_mode="host")


def test_low_ports_are_free_in_a_network_of_its_own() -> None:
    assert made()["linux"]["sysctl"]["net.ipv4.ip_unprivileged_port_start"] == "0"
    assert made(network_mode="host")["linux"]["sysctl"] == {}
    assert made(network_mode="container:x")["linux"]["sysctl"] == {}


def test_a_sysctl_of_the_users_wins() -> None:
    found = made(sysctls={"net.ipv4.ip_unprivileged_port_start": "1024"})["linux"]["sysctl"]
    assert found["net.ipv4.ip_unprivileged_port_start"] == "1024"


def test_privileged_is_open() -> None:
    spec = made(privileged=True)
    assert spec["linux"]["maskedPaths"] == spec["linux"]["readonlyPaths"] == []
    assert spec["linux"]["resources"]["devices"] == [{"allow": True, "type": "a", "access": "rwm"}]


def test_a_read_only_root() -> None:
    assert made(readonly_rootfs=True)["root"]["readonly"] is True


def test_tmpfs_in_both_forms() -> None:
    wish = Mount(type="tmpfs", target="/b", tmpfs_options=TmpfsOptions(size_bytes=9, mode=0o1777))
    found = {
        m["destination"]: m["options"] for m in made(tmpfs={"/a": ""}, mounts=[wish])["mounts"]
    }
    assert found["/a"] == ["noexec", "nosuid", "nodev"]
    assert found["/b"] == ["noexec", "nosuid", "nodev", "size=9", "mode=1777"]


def test_unlimited_is_the_kernels_largest() -> None:
    own = [Ulimit(name="core", soft=-1, hard=-1)]
    default = [Ulimit(name="core", soft=0, hard=0), Ulimit(name="nofile", soft=5, hard=6)]
    assert rlimits(own, default) == [
        {"type": "RLIMIT_CORE", "soft": 2**64 - 1, "hard": 2**64 - 1},
        {"type": "RLIMIT_NOFILE", "soft": 5, "hard": 6},
    ]
