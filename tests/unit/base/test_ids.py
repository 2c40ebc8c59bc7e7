"""Ids."""

from sampan.base import ids


def test_an_id_is_64_hex_digits() -> None:
    made = ids.new_id()
    assert len(made) == 64
    assert ids.looks_like_id(made)


def test_no_id_begins_like_a_number() -> None:
    assert not any(ids.new_id()[:12].isdigit() for _ in range(200))


def test_the_short_form_of_an_image_id_has_no_algorithm() -> None:
    assert ids.short("sha256:" + "ab" * 32) == "abababababab"


def test_names_do_not_look_like_ids() -> None:
    assert not ids.looks_like_id("web")
    assert not ids.looks_like_id("")
    assert not ids.looks_like_id("a" * 65)
