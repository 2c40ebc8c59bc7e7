"""A=b words: environments, labels, their files, and plain maps. Reads files, nothing else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BLANKS = " \t\r\n\v\f"


def environment(
    files: Iterable[str], words: Iterable[str], inherited: Mapping[str, str]
) -> list[str]:
    """Return the variables of --env-file and -e; `A` alone takes A's value from ours.

    On the command line an `A` that we have not got either stays as it is, and removes the
    image's; in a file it says nothing.
    """
    found: list[str] = []
    for path in files:
        for word in file_lines(path):
            if "=" in word:
                found.append(word)
            elif word in inherited:
                found.append(f"{word}={inherited[word]}")
    for word in words:
        known = "=" not in word and word in inherited
        found.append(f"{word}={inherited[word]}" if known else word)
    return found


def labels(files: Iterable[str], words: Iterable[str]) -> dict[str, str]:
    """Return the labels of --label-file and -l."""
    return mapping([word for path in files for word in file_lines(path)] + list(words))


def mapping(words: Iterable[str]) -> dict[str, str]:
    """Return a=b words as a document; a word without = has an empty value."""
    found = {}
    for word in words:
        key, _, value = word.partition("=")
        found[key] = value
    return found


def file_lines(path: str) -> list[str]:
    """Return the a=b lines of a file; ValueError when one makes no sense, OSError from open."""
    with open(path, "rb") as file:
        data = file.read()
    found = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            raise ValueError(
                f"env file {path} contains invalid utf8 bytes at line {number}: {raw!r}"
            ) from None
        line = line.lstrip(BLANKS)
        if not line or line.startswith("#"):
            continue
        _check(line)
        found.append(line)
    return found


def read_env(text: str) -> str:
    """Check one word of -e."""
    if not text.partition("=")[0]:
        raise ValueError(f"invalid environment variable: {text}")
    return text


def read_label(text: str) -> str:
    """Check one word of -l."""
    key = text.partition("=")[0].lstrip(BLANKS)
    if not key:
        raise ValueError(f"invalid label '{text}': empty name")
    if any(blank in key for blank in BLANKS):
        raise ValueError(f"label '{key}' contains whitespaces")
    return text


def fields(text: str) -> list[str]:
    """Split one line of comma-separated values as Go's csv reader does: "a,b" may be quoted."""
    found = []
    at = 0
    while True:
        quoted = text[at : at + 1] == '"'
        value, at = _quoted(text, at + 1) if quoted else _plain(text, at)
        found.append(value)
        if at >= len(text):
            return found
        at += 1


def _plain(text: str, at: int) -> tuple[str, int]:
    end = text.find(",", at)
    end = len(text) if end < 0 else end
    value = text[at:end]
    if '"' in value:
        raise _broken(at + value.index('"'), 'bare " in non-quoted field')
    return value, end


def _quoted(text: str, at: int) -> tuple[str, int]:
    value = ""
    while True:
        end = text.find('"', at)
        if end < 0:
            raise _broken(len(text), 'extraneous or missing " in quoted-field')
        value += text[at:end]
        if text[end + 1 : end + 2] != '"':
            break
        value += '"'
        at = end + 2
    if text[end + 1 : end + 2] not in {"", ","}:
        raise _broken(end, 'extraneous or missing " in quoted-field')
    return value, end + 1


def _broken(at: int, what: str) -> ValueError:
    return ValueError(f"parse error on line 1, column {at + 1}: {what}")


def _check(line: str) -> None:
    name = line.partition("=")[0]
    if not name:
        raise ValueError(f"no variable name on line '{line}'")
    if any(blank in name for blank in BLANKS):
        raise ValueError(f"variable '{name}' contains whitespaces")
