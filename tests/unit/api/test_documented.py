"""The page of routes is that of the code."""

from pathlib import Path

from sampan.api.__main__ import page


def test_every_route_is_in_the_generated_page():
    written = Path(__file__).parents[3].joinpath("docs/api.md").read_text()
    assert written == page(), "run: python -m sampan.api > docs/api.md"
