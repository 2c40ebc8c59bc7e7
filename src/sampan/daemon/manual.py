"""Prints the table of options as Markdown: `python -m sampan.daemon.manual > docs/sampand.md`."""

import sys

from sampan.daemon.options import CONFIG_FILE, OPTIONS, RELOADABLE, Option

HEAD = f"""# sampand

The daemon takes dockerd's options, as flags or in `{CONFIG_FILE}` under their keys. What a flag
and the file both say is refused, and so are unknown keys. `kill -HUP` makes it read the file
again; keys marked *reload* change then, the others at the next start. `sampand --validate` checks
a configuration; `sampand --remove-all`, with the same options as the daemon had, ends what it left
running and takes down its mounts, bridges and rules. `kill -USR1` writes where every thread is.

Several daemons live side by side when each has its own `--data-root`, `--exec-root`, `--pidfile`,
`--host` and `--bridge`. This page is generated: `python -m sampan.daemon.manual > docs/sampand.md`.

| flag | key | default | meaning |
| --- | --- | --- | --- |
"""

REFUSED = """
dockerd's options that this build refuses by name when they are given: {names}.
"""


def page() -> str:
    """The whole page."""
    options = sorted(OPTIONS, key=lambda option: option.flag)
    lines = "".join(_line(option) for option in options if not option.absent)
    names = ", ".join(f"`--{option.flag}`" for option in options if option.absent)
    return HEAD + lines + REFUSED.format(names=names)


def _line(option: Option) -> str:
    short = f"`-{option.short}`, " if option.short else ""
    flag = "" if option.kind == "object" else f"{short}`--{option.flag}`"
    key = f"`{option.key}`" if option.key else ""
    default = "" if option.default in ("", None) or option.default in ([], {}) else option.default
    shown = str(default).lower() if isinstance(default, bool) else default
    reload = " *reload*" if option.key in RELOADABLE else ""
    return f"| {flag} | {key}{reload} | {shown} | {option.help} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
