"""A container from create to exit, through the launcher, as the daemon drives it."""

import json
import os
import select
import signal
import socket

import pytest
from tests.support.runtime import Lab, finish, frames, read_all, read_until

from sampan.runtime import messages

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def test_a_program_runs_and_its_output_and_exit_code_come_back(lab):
    assert lab.run(lab.spec("sh", "-c", "echo hi; exit 3")) == (3, "hi\n")


def test_output_keeps_its_streams_apart(lab):
    running = lab.create(lab.spec("sh", "-c", "echo out; echo err >&2"))
    stream = running.attach()
    running.start()
    assert sorted(frames(read_all(stream))) == [(1, "out\n"), (2, "err\n")]
    running.wait(messages.EXITED)


def test_messages_come_in_order_and_the_monitor_leaves(lab):
    running = lab.create(lab.spec("true"))
    running.start()
    running.wait(messages.EXITED)
    assert [message["op"] for message in running.seen] == [
        "created", "ready", "started", "exited",
    ]  # fmt: skip
    assert running.control.recv(1) == b""
    assert sorted(os.listdir(running.directory)) == ["config.json", "exit.json", "task.json"]


def test_the_exit_record_says_how_it_ended(lab):
    running = lab.create(lab.spec("sh", "-c", "kill -9 $$"))
    running.start()
    running.wait(messages.EXITED)
    record = json.loads((running.directory / "exit.json").read_text())
    # PID 1 ignores signals from inside its namespace, even SIGKILL.
    assert record["exit_code"] == 0
    assert record["pid"] == running.pid
    assert record["started_at"] < record["at"]


def test_a_signal_from_outside_ends_it_with_128_and_its_number(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    running.send(op=messages.SIGNAL, signal=int(signal.SIGKILL))
    assert running.wait(messages.EXITED)["exit_code"] == 137


def test_input_sent_before_the_start_arrives_with_its_end(lab):
    running = lab.create(lab.spec("cat"), open_stdin=True, stdin_once=True)
    stream = running.attach()
    stream.sendall(b"early")
    stream.shutdown(socket.SHUT_WR)
    running.start()
    assert frames(read_all(stream)) == [(1, "early")]
    assert running.wait(messages.EXITED)["exit_code"] == 0


def test_input_stays_open_when_a_client_leaves_and_is_closed_by_message(lab):
    running = lab.create(lab.spec("cat"), open_stdin=True)
    running.start()
    first = running.attach()
    first.sendall(b"one")
    assert read_until(first, b"one")
    first.close()
    second = running.attach()
    second.sendall(b"two")
    assert read_until(second, b"two")
    running.send(op=messages.CLOSE)
    assert running.wait(messages.EXITED)["exit_code"] == 0


def test_a_program_without_input_reads_dev_null(lab):
    assert lab.run(lab.spec("cat")) == (0, "")


def test_a_terminal_is_its_own_and_has_the_wanted_size(lab):
    spec = lab.spec("sh", "-c", "tty; stty size; test -t 0 -a -t 2 && echo yes; ls -l /dev/console")
    code, output = lab.run(spec, terminal=True, rows=21, cols=77)
    assert code == 0
    lines = output.split("\r\n")
    assert lines[:3] == ["/dev/pts/0", "21 77", "yes"]
    assert "136," in lines[3]


def test_a_terminal_can_be_resized_and_typed_at(lab):
    running = lab.create(lab.spec("sh", "-c", "read line; stty size"), terminal=True)
    stream = running.attach()
    running.start()
    running.send(op=messages.RESIZE, rows=11, cols=33)
    stream.sendall(b"go\n")
    assert b"11 33" in read_all(stream)
    running.wait(messages.EXITED)


def test_every_namespace_is_its_own(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    for name in ("mnt", "uts", "ipc", "net", "pid", "cgroup"):
        inside = os.readlink(f"/proc/{running.pid}/ns/{name}")
        assert inside != os.readlink(f"/proc/self/ns/{name}")
    assert lab.run(lab.spec("sh", "-c", "hostname; echo $$; ps | wc -l"))[1].startswith("box\n1\n")


def test_two_containers_can_share_a_namespace(lab):
    first = lab.create(lab.spec("sleep", "100"))
    first.start()
    spec = lab.spec("sh", "-c", "ps | grep -c '[s]leep 100'")
    for entry in spec["linux"]["namespaces"]:
        if entry["type"] == "pid":
            entry["path"] = f"/proc/{first.pid}/ns/pid"
    assert lab.run(spec) == (0, "1\n")


def test_pipes_end_as_programs_expect(lab):
    # Python ignores SIGPIPE; inherited, `yes` would never end.
    assert lab.run(lab.spec("sh", "-c", "yes | head -1")) == (0, "y\n")


def test_a_reconnecting_daemon_finds_the_state_and_hears_the_end(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    pid = running.pid
    running.close()
    again = lab.reconnect(running)
    assert again.seen[0]["status"] == "running"
    assert again.pid == pid
    again.send(op=messages.SIGNAL, signal=9)
    assert again.wait(messages.EXITED)["exit_code"] == 137


def test_a_daemon_lost_before_the_start_takes_the_container_with_it(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.wait(messages.READY)
    pidfd = os.dup(running.pidfd)
    running.close()
    with os.fdopen(pidfd) as end:
        _wait_for_end(end.fileno())


def test_a_killed_monitor_takes_its_container_along(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    with open(f"/proc/{running.pid}/stat") as stat:
        monitor = int(stat.read().rpartition(")")[2].split()[1])
    os.kill(monitor, signal.SIGKILL)
    _wait_for_end(running.pidfd)


def test_a_launcher_that_ends_leaves_its_monitors(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    lab.socket.close()
    lab.process.wait(10)
    running.send(op=messages.SIGNAL, signal=9)
    assert running.wait(messages.EXITED)["exit_code"] == 137


def test_a_reader_that_does_not_read_does_not_stop_the_program(lab):
    spec = lab.spec("sh", "-c", "seq 1 300000; echo done >&2")
    running = lab.create(spec)
    slow = running.attach()
    running.start()
    running.wait(messages.EXITED)
    output = frames(read_all(slow))
    said = "".join(text for stream, text in output if stream == 1)
    assert said == "".join(f"{number}\n" for number in range(1, 300001))
    assert (2, "done\n") in output


def test_an_exec_runs_beside_the_program(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(running, "sh", "-c", "hostname; ps | grep -c '[s]leep 100'; exit 4")
    assert finish(beside, beside.attach()) == (4, "box\n1\n")


def test_an_exec_has_input_and_a_terminal_of_the_containers_own(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    piped = lab.execute(running, "cat", open_stdin=True)
    assert finish(piped, piped.attach(), b"typed") == (0, "typed")
    on_tty = lab.execute(running, "sh", "-c", "tty; stty size", terminal=True, rows=9, cols=40)
    assert finish(on_tty, on_tty.attach(), tty=True) == (0, "/dev/pts/0\r\n9 40\r\n")


def test_an_exec_of_nothing_says_so(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    missing = lab.execute(running, "nope")
    missing.wait(messages.READY)
    missing.send(op=messages.START)
    failed = missing.wait(messages.FAILED)
    assert failed["message"] == 'exec: "nope": executable file not found in $PATH'
    assert failed["exit_code"] == 127


def test_an_exec_whose_child_holds_the_output_still_ends(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(running, "sh", "-c", "sleep 60 & echo on")
    assert finish(beside, beside.attach()) == (0, "on\n")


def _wait_for_end(pidfd: int) -> None:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    assert poll.poll(10_000)


def test_a_task_that_makes_no_sense_fails_and_leaves_nothing(lab):
    spec = lab.spec("true")
    log = {"driver": "json-file", "path": "/no/such/directory/x.log", "max_size": -1, "max_file": 1}
    failed = lab.failure(spec, log={**log, "compress": False, "attrs": {}})
    assert "no such file or directory" in failed["message"]
    running = lab._running[-1]
    assert running.control.recv(1) == b""
    assert sorted(os.listdir(running.directory)) == ["config.json", "task.json"]


def test_a_failure_is_told_when_its_directory_is_free(lab):
    failed = lab.failure(lab.spec("nope"))
    assert failed["exit_code"] == 127
    assert "monitor.sock" not in os.listdir(lab._running[-1].directory)
