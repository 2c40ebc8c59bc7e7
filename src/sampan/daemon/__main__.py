"""The sampand command: from words to a running daemon, or to a sentence and an exit code."""

import asyncio
import sys

from sampan.daemon.claims import Claimed
from sampan.daemon.flags import BadFlag, parse_flags, usage
from sampan.daemon.lifecycle import main_run
from sampan.daemon.listeners import BadHost
from sampan.daemon.remove_all import remove_all
from sampan.daemon.settings import BadConfig, load
from sampan.errors import SampanError
from sampan.version import API_VERSION, VERSION

FAILED = 1
MISUSED = 125  # dockerd's code for flags it does not know


def main() -> int:
    """Run sampand."""
    try:
        flags = parse_flags(sys.argv[1:])
    except BadFlag as error:
        return _say(f"{error}\nSee 'sampand --help'.", MISUSED)
    if flags.get("help"):
        return _print(usage())
    if flags.get("version"):
        return _print(f"Sampan version {VERSION}, API {API_VERSION}")
    try:
        settings = load(flags)
    except BadConfig as error:
        return _say(str(error), FAILED)
    if settings["validate"]:
        return _print("configuration OK")
    try:
        if settings["remove-all"]:
            asyncio.run(remove_all(settings))
        else:
            main_run(settings, flags)
    except (Claimed, BadHost, SampanError, OSError) as error:
        return _say(f"failed to start daemon: {error}", FAILED)
    return 0


def _print(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    return 0


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
