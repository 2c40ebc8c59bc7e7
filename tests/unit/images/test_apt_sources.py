"""The host's package sources, and what of them a base image takes over."""

from sampan.images import apt_sources

RELEASE = 'PRETTY_NAME="Debian"\nID=debian\nVERSION_CODENAME=bookworm\n'
DEB822 = """Types: deb deb-src
URIs: http://near.example/debian
Suites: bookworm bookworm-updates
Components: main
 contrib

# security
Types: deb
URIs: http://near.example/security
Suites: bookworm-security
Components: main
"""
ONE_LINE = """# comment
deb [arch=amd64 signed-by=/k] https://tools.example/apt tools main  # trailing
deb-src http://near.example/debian bookworm main
"""


def host(tmp_path, release=RELEASE):
    (tmp_path / "os-release").write_text(release)
    parts = tmp_path / "apt" / "sources.list.d"
    parts.mkdir(parents=True)
    (parts / "debian.sources").write_text(DEB822)
    (parts / "tools.list").write_text(ONE_LINE)
    return str(tmp_path)


def test_both_formats_are_read(tmp_path):
    found = [(source.uri, source.suite) for source in apt_sources.read(host(tmp_path))]
    assert found == [
        ("http://near.example/debian", "bookworm"),
        ("http://near.example/debian", "bookworm-updates"),
        ("http://near.example/security", "bookworm-security"),
        ("https://tools.example/apt", "tools"),
    ]


def test_another_suite_comes_from_the_same_mirrors(tmp_path):
    assert apt_sources.of_host("debian", "trixie", host(tmp_path)) == [
        "deb http://near.example/debian trixie main",
        "deb http://near.example/debian trixie-updates main",
        "deb http://near.example/security trixie-security main",
    ]


def test_rolling_suites_have_no_updates(tmp_path):
    found = apt_sources.of_host("debian", "sid", host(tmp_path))
    assert found == ["deb http://near.example/debian sid main"]


def test_another_distribution_is_left_to_defaults(tmp_path):
    assert apt_sources.of_host("ubuntu", "noble", host(tmp_path)) == []
    assert apt_sources.of_host("debian", "sid", str(tmp_path / "nowhere")) == []
