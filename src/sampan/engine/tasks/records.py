"""Exit records: what a monitor left on disk about an end the daemon did not hear of."""

import json
from contextlib import suppress

from sampan.base import files
from sampan.engine.tasks.handle import Exit


def read(directory: str) -> Exit | None:
    """Return the exit record of a task directory; None when there is none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = json.loads(files.read(f"{directory}/exit.json", limit=65536))
        return Exit(int(record["exit_code"]), bool(record["oom"]), str(record["at"] or ""))
    return None
