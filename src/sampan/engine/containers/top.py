"""List the processes of a container, as the host's ps sees them."""

import subprocess
from typing import Any

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle
from sampan.errors import Conflict, InvalidRequest, Unavailable

TIMEOUT = 10


async def top(engine: Engine, ref: str, *, ps_args: str = "-ef") -> dict[str, Any]:
    """List processes: {Titles, Processes}."""
    words = (ps_args or "-ef").split()
    for word in words:
        # ps could be told to print anything of any process by an option with a value.
        if word.startswith("--") or "/" in word or "\0" in word:
            raise InvalidRequest(f"ps argument {word!r} is not allowed")
    container, _ = find.running(engine, ref)
    if container.state.restarting:
        raise Conflict(f"container {container.id} is restarting")
    pids = set(await engine.threads.disk(bundle.cgroup(engine, container).pids))
    text = await engine.threads.disk(_ps, words)
    engine.events.container(container, "top")
    return select(text, pids)


def _ps(words: list[str]) -> str:
    try:
        done = subprocess.run(
            ["ps", *words],
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"cannot list processes: {error}") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise InvalidRequest(f"error running ps: {reason}")
    return done.stdout.decode(errors="replace")


def select(text: str, pids: set[int]) -> dict[str, Any]:
    """Keep the lines of ps's output that are about these processes."""
    lines = text.splitlines()
    titles = lines[0].split() if lines else []
    if "PID" not in titles:
        raise InvalidRequest("Couldn't find PID field in ps output")
    column = titles.index("PID")
    chosen = []
    for line in lines[1:]:
        # The last column may hold spaces.
        fields = line.split(maxsplit=len(titles) - 1)
        if len(fields) > column and fields[column].isdecimal() and int(fields[column]) in pids:
            chosen.append(fields)
    return {"Titles": titles, "Processes": chosen}
