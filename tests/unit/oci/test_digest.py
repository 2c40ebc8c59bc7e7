"""Digests and chain ids."""

import pytest

from sampan.errors import InvalidRequest
from sampan.oci import digest

A, B = digest.of(b"a"), digest.of(b"b")


def test_the_first_chain_id_is_its_diff_id():
    assert digest.chain_ids([A]) == [A]
    assert digest.chain_ids([]) == []


def test_a_chain_id_covers_all_below():
    assert digest.chain_ids([A, B])[1] == digest.of(f"{A} {B}".encode())


@pytest.mark.parametrize(
    "text", ["", "sha256:", "sha256:xyz", "md5:" + "a" * 32, "sha256:" + "A" * 64,
             "sha256:" + "a" * 63, "sha256:" + "a" * 64 + "\n", "sha256:../" + "a" * 61],
)  # fmt: skip
def test_what_is_no_digest_never_becomes_a_path(text):
    assert not digest.is_digest(text)
    with pytest.raises(InvalidRequest, match="digest"):
        digest.hex_of(text)
