"""Finding which interpreter an executable asks for."""

import struct

from sampan.runtime.interpreter import interpreter_of, parse


def elf(interpreter: bytes, *, wide: bool = True) -> bytes:
    """The smallest ELF head with a program interpreter."""
    if wide:
        head = struct.pack("<4sBB10xHHIQQQIHHH", b"\x7fELF", 2, 1, 2, 62, 1, 0, 64, 0, 0, 64, 56, 1)
        entry = struct.pack("<IIQQQQQQ", 3, 0, 120, 0, 0, len(interpreter), 0, 0)
        return head.ljust(64, b"\0") + entry + interpreter
    head = struct.pack("<4sBB10xHHIIIIIHHH", b"\x7fELF", 1, 1, 2, 3, 1, 0, 52, 0, 0, 52, 32, 1)
    entry = struct.pack("<IIIIIIII", 3, 84, 0, 0, len(interpreter), 0, 0, 0)
    return head.ljust(52, b"\0") + entry + interpreter


def test_a_script_names_it_in_its_first_line():
    assert parse(b"#!/bin/sh -e\necho\n") == "/bin/sh"
    assert parse(b"#! /usr/bin/env python3\r\n") == "/usr/bin/env"
    assert parse(b"#!\n") == ""


def test_an_elf_file_names_its_loader():
    assert parse(elf(b"/lib64/ld-linux-x86-64.so.2\0")) == "/lib64/ld-linux-x86-64.so.2"
    assert parse(elf(b"/lib/ld.so.1\0", wide=False)) == "/lib/ld.so.1"


def test_nonsense_names_none(tmp_path):
    assert parse(b"\x7fELF" + b"\xff" * 200) == ""
    assert parse(b"") == ""
    assert interpreter_of(str(tmp_path / "missing")) == ""


def test_a_real_program_names_a_loader_that_is_there():
    assert interpreter_of("/bin/ls").startswith("/lib")
