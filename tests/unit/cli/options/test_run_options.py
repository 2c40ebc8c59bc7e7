"""From the flags of run to the body of a create."""

import json

import pytest

from sampan.cli.errors import UsageError
from sampan.cli.options.container import body
from sampan.cli.options.table import FLAGS
from sampan.cli.parser import parse


def create(*words, inherited=None):
    options, arguments = parse(FLAGS, words, interspersed=False)
    return body(options, arguments[0], arguments[1:], inherited or {})


def host(*words):
    return create(*words, "busybox")["HostConfig"]


def test_nothing_asked_for_says_little():
    document = create("busybox")
    assert document["Image"] == "busybox"
    assert document["Cmd"] is None
    assert (document["AttachStdin"], document["AttachStdout"]) == (False, True)
    assert document["HostConfig"]["NetworkMode"] == "default"
    assert document["HostConfig"]["RestartPolicy"] == {"Name": "no", "MaximumRetryCount": 0}
    assert "Memory" not in document["HostConfig"]
    assert "Healthcheck" not in document
    assert document["NetworkingConfig"] == {"EndpointsConfig": {}}


def test_words_after_the_image_are_the_command():
    assert create("-i", "busybox", "ls", "-l")["Cmd"] == ["ls", "-l"]


def test_an_interactive_terminal():
    document = create("-it", "busybox")
    assert (document["Tty"], document["OpenStdin"], document["StdinOnce"]) == (True, True, True)
    assert document["AttachStdin"]


def test_attach_names_the_streams():
    document = create("-a", "STDERR", "busybox")
    assert (document["AttachStdin"], document["AttachStdout"], document["AttachStderr"]) == (
        False,
        False,
        True,
    )


def test_an_empty_entrypoint_takes_the_images_away():
    assert create("--entrypoint=", "busybox")["Entrypoint"] == [""]
    assert "Entrypoint" not in create("busybox")


def test_environment_from_here_from_a_file_and_from_words(tmp_path):
    file = tmp_path / "env"
    file.write_text("# comment\n  A=1\nHOME\nNOT_HERE\n\nB= x = y\n")
    document = create(
        *("-e", "C=3", "-e", "HOME", "-e", "GONE", "--env-file", str(file), "busybox"),
        inherited={"HOME": "/root"},
    )
    assert document["Env"] == ["A=1", "HOME=/root", "B= x = y", "C=3", "HOME=/root", "GONE"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [("=x", "no variable name on line '=x'"), ("A B=1", "variable 'A B' contains whitespaces")],
)
def test_a_senseless_line_of_a_file_is_named(tmp_path, line, reason):
    file = tmp_path / "env"
    file.write_text(line)
    with pytest.raises(ValueError, match=reason):
        create("--env-file", str(file), "busybox")


def test_labels_from_words_and_files(tmp_path):
    file = tmp_path / "labels"
    file.write_text("a=1\nb\n")
    document = create("-l", "a=2", "-l", "c=x=y", "--label-file", str(file), "busybox")
    assert document["Labels"] == {"a": "2", "b": "", "c": "x=y"}


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["-m", "64m"], "Memory", 64 << 20),
        (["--memory-swap", "-1"], "MemorySwap", -1),
        (["--cpus", "1.5"], "NanoCpus", 1_500_000_000),
        (["--cpus", ".000000001"], "NanoCpus", 1),
        (["-c", "512"], "CpuShares", 512),
        (["--pids-limit", "-1"], "PidsLimit", -1),
        (["--cap-add", "NET_ADMIN", "--cap-add", "ALL"], "CapAdd", ["NET_ADMIN", "ALL"]),
        (["--privileged"], "Privileged", True),
        (["--init"], "Init", True),
        (["--init=false"], "Init", False),
        (["--rm"], "AutoRemove", True),
        (["--read-only"], "ReadonlyRootfs", True),
        (["--restart", "on-failure:3"], "RestartPolicy",
         {"Name": "on-failure", "MaximumRetryCount": 3}),
        (["--ulimit", "nofile=1024:2048"], "Ulimits",
         [{"Name": "nofile", "Soft": 1024, "Hard": 2048}]),
        (["--ulimit", "core=-1"], "Ulimits", [{"Name": "core", "Soft": -1, "Hard": -1}]),
        (["--sysctl", "net.ipv4.ip_forward=1"], "Sysctls", {"net.ipv4.ip_forward": "1"}),
        (["--tmpfs", "/run:size=1m,mode=700", "--tmpfs", "/t"], "Tmpfs",
         {"/run": "size=1m,mode=700", "/t": ""}),
        (["--add-host", "a=10.0.0.1", "--add-host", "b:host-gateway"], "ExtraHosts",
         ["a:10.0.0.1", "b:host-gateway"]),
        (["--add-host", "c=[::1]"], "ExtraHosts", ["c:::1"]),
        (["--device", "/dev/fuse"], "Devices",
         [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm"}]),
        (["--device", "/dev/a:/dev/b:r"], "Devices",
         [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "r"}]),
        (["--device", "/dev/a:rw"], "Devices",
         [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/a", "CgroupPermissions": "rw"}]),
        (["--device-read-bps", "/dev/sda:10mb"], "BlkioDeviceReadBps",
         [{"Path": "/dev/sda", "Rate": 10 << 20}]),
        (["--blkio-weight-device", "/dev/sda:500"], "BlkioWeightDevice",
         [{"Path": "/dev/sda", "Weight": 500}]),
        (["--log-driver", "local", "--log-opt", "max-size=1m"], "LogConfig",
         {"Type": "local", "Config": {"max-size": "1m"}}),
        (["--security-opt", "no-new-privileges", "--security-opt", "seccomp=unconfined"],
         "SecurityOpt", ["no-new-privileges", "seccomp=unconfined"]),
        (["--pid", "container:x"], "PidMode", "container:x"),
        (["--network", "host"], "NetworkMode", "host"),
        (["--annotation", "a=b"], "Annotations", {"a": "b"}),
        (["-v", "/a:/b:ro", "-v", "data:/c"], "Binds", ["/a:/b:ro", "data:/c"]),
        (["--shm-size", "1g"], "ShmSize", 1 << 30),
        (["--oom-score-adj", "-5"], "OomScoreAdj", -5),
        (["--volumes-from", "x:ro"], "VolumesFrom", ["x:ro"]),
        (["--dns-opt", "ndots:1"], "DnsOptions", ["ndots:1"]),
    ],
)  # fmt: skip
def test_flags_of_the_host_config(words, field, value):
    assert host(*words)[field] == value


def test_unmasked_paths_leave_the_security_options():
    document = host("--security-opt", "systempaths=unconfined")
    assert document["SecurityOpt"] == []
    assert (document["MaskedPaths"], document["ReadonlyPaths"]) == ([], [])


def test_a_seccomp_profile_is_read_and_compacted(tmp_path):
    file = tmp_path / "profile.json"
    file.write_text('{ "defaultAction":\n "SCMP_ACT_ALLOW" }')
    (option,) = host("--security-opt", f"seccomp={file}")["SecurityOpt"]
    assert option == 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'
    assert json.loads(option.partition("=")[2]) == {"defaultAction": "SCMP_ACT_ALLOW"}


def test_volumes_without_a_source_are_anonymous():
    document = create("-v", "/data", "-v", "/a:/b", "busybox")
    assert document["Volumes"] == {"/data": {}}
    assert document["HostConfig"]["Binds"] == ["/a:/b"]


def test_a_relative_source_is_of_the_users_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert host("-v", "./x:/y")["Binds"] == [f"{tmp_path}/x:/y"]
    (mount,) = host("--mount", "type=bind,src=.,dst=/y")["Mounts"]
    assert mount["Source"] == str(tmp_path)


def test_a_health_check():
    document = create(
        *("--health-cmd", "test -e /ok", "--health-interval", "1m30s"),
        *("--health-retries", "2", "busybox"),
    )
    assert document["Healthcheck"] == {
        "Test": ["CMD-SHELL", "test -e /ok"],
        "Interval": 90_000_000_000,
        "Retries": 2,
    }
    assert create("--no-healthcheck", "busybox")["Healthcheck"] == {"Test": ["NONE"]}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["-m", "x"], "invalid size: 'x'"),
        (["-m", "1x"], "invalid suffix: 'x'"),
        (["-m", "1kbb"], "invalid suffix: 'kbb'"),
        (["--memory-swap", "-2"], "invalid size: '-2'"),
        (["--cpus", "x"], "failed to parse x as a rational number"),
        (["--cpus", "1.0000000001"], "failed to parse"),
        (["--ulimit", "x"], "invalid ulimit argument: x"),
        (["--ulimit", "foo=1"], "invalid ulimit type: foo"),
        (["--ulimit", "nofile=5:4"], "must be less than or equal to hard limit: 5 > 4"),
        (["--sysctl", "kernel.panic=1"], "sysctl 'kernel.panic=1' is not allowed"),
        (["--link", "a:b:c"], "bad format for links: a:b:c"),
        (["--gpus", "all"], "cannot give GPUs"),
        (["--mount", "type=bind"], "target is required"),
        (["--mount", "x"], "invalid field 'x' must be a key=value pair"),
        (["--mount", "type=tmpfs,dst=/a,volume-nocopy"], "cannot mix 'volume-*' options"),
        (["--network", "name=a,foo=b"], "invalid field key foo"),
        (["--health-interval", "5"], 'missing unit in duration "5"'),
        (["--add-host", "x"], 'bad format for add-host: "x"'),
        (["-a", "x"], "valid streams are STDIN, STDOUT and STDERR"),
        (["-e", "=x"], "invalid environment variable: =x"),
        (["-l", "=x"], "invalid label '=x': empty name"),
        (["--device-cgroup-rule", "x"], "invalid device cgroup format 'x'"),
        (["--device-read-bps", "x"], "bad format: x"),
        (["--blkio-weight", "70000"], "value out of range"),
        (["--dns", "x"], "IP address is not correctly formatted: x"),
    ],
)
def test_a_senseless_value_is_told_with_its_flag(words, reason):
    with pytest.raises(UsageError) as caught:
        create(*words, "busybox")
    assert reason in str(caught.value)
    assert caught.value.code == 125


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--pid", "x"], "--pid: invalid PID mode"),
        (["--rm", "--restart", "always"], "cannot specify both --restart and --rm"),
        (["--mac-address", "x"], "x is not a valid mac address"),
        (["--memory-swappiness", "200"], "Valid memory swappiness range is 0-100"),
        (["--expose", "1:2"], "invalid port format for --expose: 1:2"),
        (["--storage-opt", "x"], "invalid storage option"),
        (["--log-driver", "none", "--log-opt", "a=b"], "invalid logging opts for driver none"),
        (["--security-opt", "x"], 'Invalid --security-opt: "x"'),
        (["--security-opt", "seccomp=/nosuch"], r"opening seccomp profile \(/nosuch\) failed"),
        (["--no-healthcheck", "--health-cmd", "x"], "conflicts with --health-"),
        (["--health-retries", "-1"], "--health-retries cannot be negative"),
        (["--restart", "always:x"], "maximum retry count must be an integer"),
        (["--device", "x"], "x is not an absolute path"),
        (["--network", "a", "--network", "a"], 'network "a" is specified multiple times'),
        (["--network", "a", "--network", "host"], "cannot attach both user-defined and"),
        (["--network-alias", "x"], "only supported for user-defined networks"),
    ],
)
def test_flags_that_make_no_sense_together_are_refused(words, reason):
    with pytest.raises(ValueError, match=reason):
        create(*words, "busybox")
