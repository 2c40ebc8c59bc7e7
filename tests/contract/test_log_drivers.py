"""What sampan.logs.driver promises, on every driver that keeps something."""

import os
import resource

import pytest

from sampan.errors import InvalidRequest, NotImplemented_
from sampan.logs.driver import open_writer
from sampan.logs.options import description
from sampan.logs.reader import open_reader


@pytest.fixture(params=["json-file", "local"])
def log(request, tmp_path):
    return description(request.param, {}, path=f"{tmp_path}/c.log", attrs={})


def wrote(log, *chunks):
    writer = open_writer(log)
    for stream, data in chunks:
        writer.write(stream, data)
    writer.close()


def lines(log, **bounds):
    return [entry.line for entry in open_reader(log).read(**bounds)]


def test_lines_come_back_as_written(log):
    wrote(log, (1, b"one\ntw"), (2, b"err\n"), (1, b"o\nthree\n"))
    assert [(e.stream, e.line) for e in open_reader(log).read()] == [
        (1, b"one\n"),
        (2, b"err\n"),
        (1, b"two\n"),
        (1, b"three\n"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        b'quote " and \\ backslash\n',
        b"ends with backslash \\\n",
        b"\\n is not a newline\n",
        b"tab\tcolour \x1b[31mred\x1b[0m return\r\n",
        b"control \x00\x01\x1f\x7f\n",
        "déjà vu ✓ 🚢\n".encode(),
        b'{"log":"a trap","stream":"stdout","time":"2"}\n',
        b"\n",
        b"\n\n\n",
        b"<html>&amp;</html>\n",
    ],
)
def test_any_text_survives(log, text):
    wrote(log, (1, text * 3), (1, text))
    assert b"".join(lines(log)) == text * 4


def test_last_line_without_newline_is_kept_without(log):
    wrote(log, (1, b"a\nprompt> "))
    assert lines(log) == [b"a\n", b"prompt> "]


def test_flush_writes_what_has_no_newline(log):
    writer = open_writer(log)
    writer.write(1, b"half")
    assert lines(log) == []
    writer.flush()
    assert lines(log) == [b"half"]
    writer.close()


def test_long_lines_are_kept_in_pieces_of_16_kib(log):
    long = b"x" * 40000 + b"\n"
    wrote(log, (1, b"before\n" + long + b"after\n"))
    assert [len(line) for line in lines(log)] == [7, 16384, 16384, 7233, 6]
    assert b"".join(lines(log)) == b"before\n" + long + b"after\n"


def test_long_line_fed_in_small_chunks_is_cut_the_same(log):
    writer = open_writer(log)
    for _ in range(400):
        writer.write(1, b"y" * 100)
    writer.write(1, b"\n")
    writer.close()
    assert [len(line) for line in lines(log)] == [16384, 16384, 7233]


def test_pieces_do_not_cut_characters(log):
    wrote(log, (1, b"." + "é".encode() * 20000 + b"\n"))
    pieces = lines(log)
    assert len(pieces) == 3
    assert all(piece.decode() for piece in pieces)


@pytest.mark.parametrize("tail", [0, 1, 3, 9, 10, 11, 1000])
def test_tail_gives_the_last_lines(log, tail):
    wrote(log, (1, b"".join(b"line %d\n" % n for n in range(10))))
    expected = [b"line %d\n" % n for n in range(10)][10 - min(tail, 10) :]
    assert lines(log, tail=tail) == expected


def test_tail_of_a_large_log_reads_only_its_end(log):
    text = b"".join(b"line %d %s\n" % (n, b"." * 80) for n in range(20000))
    wrote(log, *[(1, text[at : at + 65536]) for at in range(0, len(text), 65536)])
    got = lines(log, tail=5)
    assert [line.split()[1] for line in got] == [b"19995", b"19996", b"19997", b"19998", b"19999"]


def test_tail_counts_a_long_line_once(log):
    wrote(log, (1, b"a\n" + b"x" * 400000 + b"\nb\n"))
    assert b"".join(lines(log, tail=2)) == b"x" * 400000 + b"\nb\n"


def test_tail_counts_only_wanted_streams(log):
    wrote(log, (1, b"out 1\nout 2\n"), (2, b"err\n" * 50))
    assert lines(log, tail=1, stderr=False) == [b"out 2\n"]


def test_one_stream_can_be_left_out(log):
    wrote(log, (1, b"out\n"), (2, b"err\n"))
    assert lines(log, stdout=False) == [b"err\n"]
    assert lines(log, stderr=False) == [b"out\n"]


def test_since_and_until_bound_the_times(log):
    wrote(log, *[(1, b"%d\n" % n) for n in range(5000)])
    entries = list(open_reader(log).read())
    times = [entry.time for entry in entries]
    assert times == sorted(times)
    first, last = entries[2000], entries[3000]
    got = list(open_reader(log).read(since=first.time, until=last.time))
    assert got == [entry for entry in entries if first.time <= entry.time <= last.time]
    assert list(open_reader(log).read(since="2999-01-01T00:00:00Z")) == []
    assert list(open_reader(log).read(until="1999-01-01T00:00:00Z")) == []


def test_log_that_is_not_there_yet_is_empty(log):
    assert lines(log) == []
    assert lines(log, tail=3) == []


def test_follow_shows_what_is_written_later(log):
    writer = open_writer(log)
    follower = open_reader(log).follow()
    assert next(follower) is None
    writer.write(1, b"now\n")
    assert next(follower).line == b"now\n"
    assert next(follower) is None
    writer.write(1, b"then\nand then\n")
    assert next(follower).line == b"then\n"
    assert next(follower).line == b"and then\n"
    assert next(follower) is None
    writer.close()


def test_follow_with_tail_zero_shows_only_news(log):
    wrote(log, (1, b"old\n"))
    follower = open_reader(log).follow(tail=0)
    assert next(follower) is None
    wrote(log, (1, b"new\n"))
    assert next(follower).line == b"new\n"


def test_follow_begins_before_the_file_exists(log):
    follower = open_reader(log).follow()
    assert next(follower) is None
    wrote(log, (1, b"first\n"))
    assert next(entry for entry in follower if entry).line == b"first\n"


def test_follow_ends_after_until(log):
    follower = open_reader(log).follow(until="1999-01-01T00:00:00Z")
    wrote(log, (1, b"late\n"))
    assert [entry for entry in follower if entry] == []


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("max_file", [1, 2, 4])
def test_files_stay_within_their_bounds(log, tmp_path, max_file, compress):
    log = {**log, "max_size": 4096, "max_file": max_file, "compress": compress and max_file > 1}
    wrote(log, *[(1, b"line %06d of many\n" % n) for n in range(3000)])
    files = os.listdir(tmp_path)
    assert len(files) <= max_file
    assert all(os.path.getsize(tmp_path / name) <= 4096 for name in files)
    got = lines(log)
    assert got[-1] == b"line 002999 of many\n"
    numbers = [int(line.split()[1]) for line in got]
    assert numbers == list(range(numbers[0], 3000))
    assert lines(log, tail=7) == got[-7:]
    since = list(open_reader(log).read())[len(got) // 2].time
    assert list(open_reader(log).read(since=since))[0].time == since


def test_one_chunk_larger_than_all_files_keeps_its_end(log, tmp_path):
    log = {**log, "max_size": 2000, "max_file": 2}
    wrote(log, (1, b"".join(b"line %06d\n" % n for n in range(1000))))
    assert lines(log)[-1] == b"line 000999\n"
    assert all(os.path.getsize(path) <= 2000 for path in tmp_path.iterdir())


def test_line_larger_than_a_file_gets_one_of_its_own(log):
    log = {**log, "max_size": 100, "max_file": 3}
    wrote(log, (1, b"a\n" + b"x" * 500 + b"\nb\n"))
    assert lines(log) == [b"a\n", b"x" * 500 + b"\n", b"b\n"]


@pytest.mark.parametrize("compress", [False, True])
def test_follow_misses_nothing_across_rotations(log, compress):
    log = {**log, "max_size": 3000, "max_file": 20, "compress": compress}
    writer = open_writer(log)
    follower = open_reader(log).follow()
    got = []
    for n in range(1000):
        writer.write(1, b"line %d\n" % n)
        # Falls behind by several files, then catches up.
        if n % 137 == 0:
            while entry := next(follower):
                got.append(entry.line)
    writer.close()
    while entry := next(follower):
        got.append(entry.line)
    assert got == [b"line %d\n" % n for n in range(1000)]


def test_follow_survives_rotation_with_a_single_file(log):
    log = {**log, "max_size": 400, "max_file": 1}
    writer = open_writer(log)
    follower = open_reader(log).follow()
    got = []
    for n in range(50):
        writer.write(1, b"line %d\n" % n)
        while entry := next(follower):
            got.append(entry.line)
    writer.close()
    assert got == [b"line %d\n" % n for n in range(50)]


@pytest.mark.parametrize("cut", [1, 5, 20, 40])
def test_writer_killed_in_the_middle_costs_one_record(log, cut):
    wrote(log, (1, b"first\n"), (1, b"second\n"))
    os.truncate(log["path"], os.path.getsize(log["path"]) - cut)
    torn = lines(log)
    assert torn in ([b"first\n"], [])
    wrote(log, (1, b"third\n"))
    assert lines(log)[-1] == b"third\n"
    assert lines(log, tail=1) == [b"third\n"]
    # json-file's second line is whole but for its newline when one byte is missing.
    assert set(lines(log)) <= {b"first\n", b"second\n", b"third\n"}


def test_garbage_in_the_file_does_not_stop_reading(log):
    wrote(log, (1, b"first\n"))
    with open(log["path"], "ab") as file:
        file.write(os.urandom(3000))
    wrote(log, (1, b"second\n"))
    assert lines(log)[0] == b"first\n"
    assert lines(log)[-1] == b"second\n"


def test_disk_full_loses_lines_and_says_so_once(log, capfd):
    log = {**log, "path": "/dev/full", "max_size": -1, "max_file": 1}
    writer = open_writer(log)
    for _ in range(3):
        writer.write(1, b"into the void\n")
    writer.close()
    told = capfd.readouterr().err
    assert told == (
        "sampan: cannot write log /dev/full: No space left on device; output is being lost\n"
    )


def test_write_that_fails_half_way_leaves_whole_lines(log, capfd):
    writer = open_writer(log)
    writer.write(1, b"fits\n" * 1000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python ignores SIGXFSZ: a write goes as far as the limit, the next one fails.
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(log["path"]) + 50, hard))
    try:
        writer.write(1, b"does not fit " * 40 + b"\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer.write(1, b"fits again\n")
    writer.close()
    assert lines(log) == [b"fits\n"] * 1000 + [b"fits again\n"]
    assert "output is being lost" in capfd.readouterr().err


def test_leftover_of_a_killed_compression_is_swept(log, tmp_path):
    (tmp_path / "c.log.1.gz.tmp").write_bytes(b"half")
    wrote(log, (1, b"x\n"))
    assert os.listdir(tmp_path) == ["c.log"]


def test_readers_and_writers_close_their_files(log):
    before = len(os.listdir("/proc/self/fd"))
    log = {**log, "max_size": 1000, "compress": True}
    for n in range(20):
        wrote(log, (1, b"line %d\n" % n * 50))
        lines(log)
        follower = open_reader(log).follow()
        next(follower)
        follower.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_none_keeps_nothing_and_cannot_be_read(tmp_path):
    log = description("none", {"whatever": "1"}, path=f"{tmp_path}/c.log", attrs={})
    wrote(log, (1, b"gone\n"))
    assert os.listdir(tmp_path) == []
    with pytest.raises(NotImplemented_, match="does not support reading"):
        open_reader(log)


def test_unknown_driver_is_refused_by_both_sides(tmp_path):
    log = {"driver": "carrier-pigeon", "path": f"{tmp_path}/x"}
    for door in (open_writer, open_reader):
        with pytest.raises(InvalidRequest, match="no log driver named 'carrier-pigeon'"):
            door(log)
