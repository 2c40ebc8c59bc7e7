"""The pure parts of logging: lines out of chunks, JSON out of lines and back, times."""

import json

import pytest

from sampan.logs.jsonfile.encoder import Encoder
from sampan.logs.jsonfile.format import JsonFileFormat, unescape
from sampan.logs.lines import PIECE, Lines
from sampan.logs.local.record import length_at, length_before, pack
from sampan.logs.stamps import Stamps

TIME = b"2024-05-01T12:00:00.000000001Z"
HARD = bytes(range(128)).replace(b"\n", b"") + "é✓🚢".encode() + b'"\\n\\u0041\n'


def test_encoded_lines_are_json_as_docker_writes_it():
    encoded = Encoder(1, None).encode(b'say "hi"\n\n', TIME)
    assert encoded == (
        b'{"log":"say \\"hi\\"\\n","stream":"stdout","time":"2024-05-01T12:00:00.000000001Z"}\n'
        b'{"log":"\\n","stream":"stdout","time":"2024-05-01T12:00:00.000000001Z"}\n'
    )


def test_any_json_reader_gets_the_text_back():
    lines = Encoder(2, {"b": "2", 'a"': "1\n"}).encode(HARD * 2, TIME).splitlines()
    for line in lines:
        found = json.loads(line)
        assert found["log"].encode() == HARD
        assert found["stream"] == "stderr"
        assert found["attrs"] == {"b": "2", 'a"': "1\n"}


def test_our_reader_gets_the_text_back():
    encoded = Encoder(1, {"x": "}"}).encode(HARD * 3, TIME)
    runs, used = JsonFileFormat().decode(encoded + b'{"log":"torn')
    assert used == len(encoded)
    assert b"".join(run.text for run in runs) == HARD * 3
    assert runs[0].attrs == b'{"x":"}"}'
    assert runs[0].time.encode() == TIME


def test_what_is_not_text_becomes_replacement_characters():
    (line,) = Encoder(1, None).encode(b"\xff\xfe caf\xe9\n", TIME).splitlines()
    assert json.loads(line)["log"] == "\ufffd\ufffd caf\ufffd\n"


def test_lines_of_other_writers_are_understood():
    foreign = b'{"log":"\\u003ca\\u003e \\/ \\ud83d\\udea2\\n","stream":"stdout","time":"2"}\n'
    (run,) = JsonFileFormat().decode(foreign)[0]
    assert run.text == "<a> / 🚢\n".encode()


@pytest.mark.parametrize("torn", [b"\\", b"\\u12", b'\\"\\'])
def test_broken_escapes_do_not_stop_anybody(torn):
    assert unescape(torn)


def test_streams_that_take_turns_are_kept_apart():
    out, err = Encoder(1, None), Encoder(2, None)
    data = out.encode(b"a\n", TIME) + err.encode(b"b\n", TIME) + out.encode(b"c\n", TIME)
    assert [(run.stream, run.text) for run in JsonFileFormat().decode(data)[0]] == [
        (1, b"a\n"),
        (2, b"b\n"),
        (1, b"c\n"),
    ]


def test_piece_that_ends_in_a_literal_backslash_n_gets_no_newline():
    encoder = Encoder(1, None)
    data = encoder.encode(b"ends in \\n", TIME) + encoder.encode(b" and on\n", TIME)
    runs, _ = JsonFileFormat().decode(data)
    assert b"".join(run.text for run in runs) == b"ends in \\n and on\n"


def test_chunks_become_blocks_of_whole_lines():
    lines = Lines()
    assert lines.feed(b"a\nb\nc") == [b"a\nb\n"]
    assert lines.feed(b"c") == []
    assert lines.feed(b"\nd") == [b"cc\n"]
    assert lines.rest() == b"d"
    assert lines.rest() == b""


@pytest.mark.parametrize("length", [PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 7])
@pytest.mark.parametrize("chunk", [1000, 65536])
def test_long_lines_are_cut_alike_however_they_come(length, chunk):
    text = b"before\n" + b"x" * length + b"\nafter\n"
    lines = Lines()
    blocks = [b for at in range(0, len(text), chunk) for b in lines.feed(text[at : at + chunk])]
    assert b"".join(blocks) == text
    pieces = [piece for block in blocks for piece in block.splitlines(keepends=True)]
    assert [len(p) for p in pieces if p.startswith(b"x")] == [
        *[PIECE] * (length // PIECE),
        *([length % PIECE + 1] if length % PIECE else []),
    ]


def test_records_are_found_from_both_ends():
    data = pack(1, 5, b"one\n") + pack(2, 6, b"two\n")
    first = length_at(data, 0)
    assert length_before(data, first) == first
    assert length_before(data, len(data)) == len(data) - first
    assert length_at(data[:-1], first) == 0
    assert length_at(b"\0" + data, 0) == 0


def test_times_sort_as_text():
    stamps = Stamps()
    assert stamps.render(0) == b"1970-01-01T00:00:00.000000000Z"
    times = [stamps.render(n) for n in (1, 999_999_999, 1_000_000_000, 1_700_000_000_000_000_000)]
    assert times == sorted(times)
