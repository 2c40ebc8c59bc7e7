"""Versions of the engine and its parts."""

import platform
from typing import Any

from sampan.engine.engine import Engine
from sampan.version import VERSION

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm"}


async def version(engine: Engine) -> dict[str, Any]:
    """Give the version document, without ApiVersion and MinAPIVersion: they are the API's."""
    arch = ARCHITECTURES.get(engine.facts.architecture, engine.facts.architecture)
    python = platform.python_version()
    return {
        "Platform": {"Name": "Sampan"},
        "Version": VERSION,
        "GitCommit": "",
        "GoVersion": f"python{python}",
        "Os": "linux",
        "Arch": arch,
        "KernelVersion": engine.facts.kernel,
        "BuildTime": "",
        "Components": [
            {
                "Name": "Engine",
                "Version": VERSION,
                "Details": {
                    "Arch": arch,
                    "Os": "linux",
                    "KernelVersion": engine.facts.kernel,
                    "Python": python,
                    "Experimental": "false",
                },
            },
            {"Name": "sampan-runtime", "Version": VERSION, "Details": {}},
        ],
    }
