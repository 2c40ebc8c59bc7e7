"""The shape of files: size, docstring, names, who may fork, what is drawn once."""

import ast
import re

import pytest
from tests.architecture.source import FILES, REPOSITORY, SRC, name, parsed, strings, text

# A file may be longer only by name and with a reason.
LONG: dict[str, str] = {}
GRAB_BAGS = {"utils", "util", "helpers", "common", "misc", "types", "constants", "shared", "base"}

# Paths of the machine, and the one file that draws each.
DRAWN_ONCE = {
    "/var/lib/sampan": "base/data_root.py",
    "/run/sampan": "base/run_root.py",
}
TESTS = sorted((REPOSITORY / "tests").rglob("test_*.py"))

def test_files_fit_in_one_sitting():
    long = {name(path) for path in FILES if len(text(path).splitlines()) > 500}
    assert long == set(LONG)


def test_files_say_what_they_are_for():
    assert [name(path) for path in FILES if not ast.get_docstring(parsed(path))] == []


def test_most_files_are_short():
    lengths = sorted(len(text(path).splitlines()) for path in FILES)
    assert lengths[len(lengths) // 2] <= 150
    assert lengths[len(lengths) * 9 // 10] <= 300


def test_no_grab_bag_modules():
    bags = [name(path) for path in FILES if path.stem in GRAB_BAGS]
    bags += [name(path) for path in SRC.rglob("*") if path.is_dir() and path.name in GRAB_BAGS]
    assert bags == ["base"]


def test_packages_hold_no_code():
    for path in FILES:
        if path.name == "__init__.py":
            assert len(parsed(path).body) == 1, name(path)


@pytest.mark.parametrize("root", DRAWN_ONCE)
def test_root_is_drawn_in_one_file(root):
    drawn = [
        name(path)
        for path in FILES
        if root in text(path)
        and any(f"{each}/".startswith(f"{root}/") for each in strings(parsed(path)))
    ]
    assert drawn == [DRAWN_ONCE[root]]


def test_imports_are_absolute_and_at_the_top():
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, name(path)


def test_nothing_but_the_launcher_forks():
    forks = re.compile(r"\bos\.(fork|forkpty)\(")
    found = {name(path).partition("/")[0] for path in FILES if forks.search(text(path))}
    assert found <= {"runtime"}


def test_nobody_extracts_archives_the_easy_way():
    easy = re.compile(
        r"\.extract(all)?\(|unpack_archive|shell=True|os\.system\(|(?<![.\w])(?<!def )(eval|exec)\("
    )
    found = [
        (name(path), match[0])
        for path in FILES
        for match in easy.finditer(text(path))
        if not path.is_relative_to(SRC / "cli")
    ]
    assert found == []


def test_tests_are_named_by_sentences():
    short = [
        f"{path.name}: {node.name}"
        for path in TESTS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 2
    ]
    assert short == []


def test_tests_take_no_naps_and_use_no_mocks():
    banned = re.compile(r"\btime\.sleep\(|asyncio\.sleep\([^0)]|unittest\.mock|monkeypatch\.setenv")
    found = [
        f"{path.relative_to(REPOSITORY)}: {match[0]}"
        for path in (REPOSITORY / "tests").rglob("*.py")
        for match in banned.finditer(text(path))
        if path.parent.name != "architecture"
    ]
    assert found == []


def test_test_files_have_names_of_their_own():
    seen: dict[str, str] = {}
    for path in TESTS:
        assert path.name not in seen, f"{path} and {seen[path.name]}"
        seen[path.name] = str(path)
