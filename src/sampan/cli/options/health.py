"""--health-*: to the API's Healthcheck. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.flags import Options

FIELDS = {
    "health-interval": "Interval",
    "health-timeout": "Timeout",
    "health-start-period": "StartPeriod",
    "health-start-interval": "StartInterval",
    "health-retries": "Retries",
}


def health(options: Options) -> dict[str, Any] | None:
    """Return the check to configure, None when the image's stays as it is."""
    command = options.text("health-cmd")
    numbers = {flag: options.number(flag) for flag in FIELDS}
    wanted = bool(command) or any(numbers.values())
    if options.on("no-healthcheck"):
        if wanted:
            raise ValueError("--no-healthcheck conflicts with --health-* options")
        return {"Test": ["NONE"]}
    if not wanted:
        return None
    for flag, number in numbers.items():
        if number < 0:
            raise ValueError(f"--{flag} cannot be negative")
    found: dict[str, Any] = {FIELDS[flag]: number for flag, number in numbers.items() if number}
    if command:
        found["Test"] = ["CMD-SHELL", command]
    return found
