"""Settings from the environment: the only place that reads it. What they mean is elsewhere.

A setting that is not in the table cannot be read, so the table is the documentation.
"""

import os

SETTINGS = {
    "SAMPAN_HOST": "socket of the daemon, as in unix:///run/sampan.sock or tcp://host:2376",
    "DOCKER_HOST": "the same, taken when SAMPAN_HOST is not set",
    "DOCKER_CONFIG": "directory of the client's configuration, ~/.docker by default",
    "DOCKER_TLS_VERIFY": "non-empty: speak TLS to a tcp:// host and verify it",
    "DOCKER_CERT_PATH": "directory of ca.pem, cert.pem and key.pem",
    "DOCKER_API_VERSION": "speak this version of the API instead of agreeing on one",
    "HOME": "the user's home directory",
    "PATH": "where programs are found",
    "TERM": "kind of the terminal",
    "NO_COLOR": "non-empty: no colours",
    "COLUMNS": "width of the terminal when it cannot be asked",
    "HTTP_PROXY": "proxy for registries over http",
    "HTTPS_PROXY": "proxy for registries over https",
    "NO_PROXY": "hosts that need no proxy",
    "NOTIFY_SOCKET": "where systemd wants to hear that the daemon is ready",
    "LISTEN_PID": "process that systemd's passed sockets are meant for",
    "LISTEN_FDS": "how many sockets systemd passed",
    "TMPDIR": "directory for scratch files",
}

_environment = dict(os.environ)


def setting(name: str, default: str = "") -> str:
    """Return a setting from the environment the program was started with."""
    if name not in SETTINGS:
        raise KeyError(f"unknown setting: {name}")
    return _environment.get(name, default)


def environment() -> dict[str, str]:
    """Return a copy of the whole environment, for programs that inherit it."""
    return dict(_environment)
