"""The grammar of names, as every client and registry has it."""

import pytest

from sampan.errors import InvalidRequest
from sampan.oci import reference

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("text", "whole", "familiar"),
    [
        ("busybox", "docker.io/library/busybox", "busybox"),
        ("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36"),
        ("library/busybox", "docker.io/library/busybox", "busybox"),
        ("docker.io/busybox", "docker.io/library/busybox", "busybox"),
        ("index.docker.io/library/busybox", "docker.io/library/busybox", "busybox"),
        ("me/app:v1", "docker.io/me/app:v1", "me/app:v1"),
        ("localhost/app", "localhost/app", "localhost/app"),
        ("localhost:5000/app:v1", "localhost:5000/app:v1", "localhost:5000/app:v1"),
        ("quay.io/a/b/c", "quay.io/a/b/c", "quay.io/a/b/c"),
        ("[::1]:5000/a", "[::1]:5000/a", "[::1]:5000/a"),
        (f"busybox@{DIGEST}", f"docker.io/library/busybox@{DIGEST}", f"busybox@{DIGEST}"),
        (f"a/b:t@{DIGEST}", f"docker.io/a/b:t@{DIGEST}", f"a/b:t@{DIGEST}"),
        ("a__b/c-d.e_f--g", "docker.io/a__b/c-d.e_f--g", "a__b/c-d.e_f--g"),
        ("docker.io/library/a/b", "docker.io/library/a/b", "library/a/b"),
    ],
)
def test_names_are_completed_and_shortened(text, whole, familiar):
    parsed = reference.parse(text)
    assert (str(parsed), parsed.familiar) == (whole, familiar)


@pytest.mark.parametrize(
    "text",
    ["", ":tag", "a:", "a b", "a//b", "a/", "/a", "a..b", "-a", "a@sha256:12", "a:b:c", "a:-x",
     "a:" + "t" * 129, "http://a/b", "a___b", "é"],
)  # fmt: skip
def test_nonsense_is_an_invalid_reference_format(text):
    with pytest.raises(InvalidRequest, match="invalid reference format"):
        reference.parse(text)


def test_capitals_are_refused_by_name():
    with pytest.raises(InvalidRequest, match=r"repository name \(.*Busybox\) must be lowercase"):
        reference.parse("Busybox")


def test_an_id_is_no_name():
    with pytest.raises(InvalidRequest, match="64-byte hexadecimal"):
        reference.parse("ab" * 32)


def test_names_have_an_end():
    with pytest.raises(InvalidRequest, match="more than 255"):
        reference.parse("a/" * 130 + "b")


def test_latest_is_meant_when_nothing_is_said():
    assert reference.parse("a").tagged().tag == "latest"
    assert reference.parse("a:1").tagged().tag == "1"
    assert reference.parse(f"a@{DIGEST}").tagged().tag == ""
    assert str(reference.with_tag("a", "")) == "docker.io/library/a:latest"
    assert str(reference.with_tag("a:1", "2")) == "docker.io/library/a:2"
    with pytest.raises(InvalidRequest, match="invalid tag format"):
        reference.with_tag("a", "b c")
