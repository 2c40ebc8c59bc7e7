"""Every command there is: nouns, verbs, what they do in a line, and the short forms.

A verb's code is in commands/<noun>/<verb>.py (import_.py for import, a word of Python's),
a command without a noun in commands/<verb>.py. Such a module has

    USAGE         what follows the command's name on the usage line
    ARGUMENTS     (least, most) number of arguments; most is None when there is no limit
    FLAGS         its table of flags
    INTERSPERSED  False when flags end at the first argument (True when left out)
    run(context, options, arguments) -> exit code

Pure data and look-up; this file is read at every start, so nothing else is in it.
"""

from __future__ import annotations

ROOM = "sampan.cli.commands"

NOUNS: dict[str, tuple[str, dict[str, str]]] = {
    "container": (
        "Manage containers",
        {
            "attach": "Attach local standard input, output, and error streams "
            "to a running container",
            "commit": "Create a new image from a container's changes",
            "cp": "Copy files/folders between a container and the local filesystem",
            "create": "Create a new container",
            "diff": "Inspect changes to files or directories on a container's filesystem",
            "exec": "Execute a command in a running container",
            "export": "Export a container's filesystem as a tar archive",
            "inspect": "Display detailed information on one or more containers",
            "kill": "Kill one or more running containers",
            "logs": "Fetch the logs of a container",
            "ls": "List containers",
            "pause": "Pause all processes within one or more containers",
            "port": "List port mappings or a specific mapping for the container",
            "prune": "Remove all stopped containers",
            "rename": "Rename a container",
            "restart": "Restart one or more containers",
            "rm": "Remove one or more containers",
            "run": "Create and run a new container from an image",
            "start": "Start one or more stopped containers",
            "stats": "Display a live stream of container(s) resource usage statistics",
            "stop": "Stop one or more running containers",
            "top": "Display the running processes of a container",
            "unpause": "Unpause all processes within one or more containers",
            "update": "Update configuration of one or more containers",
            "wait": "Block until one or more containers stop, then print their exit codes",
        },
    ),
    "image": (
        "Manage images",
        {
            "bootstrap": "Make a base image from a distribution's package mirror",
            "history": "Show the history of an image",
            "import": "Import the contents from a tarball to create a filesystem image",
            "inspect": "Display detailed information on one or more images",
            "load": "Load an image from a tar archive or STDIN",
            "ls": "List images",
            "prune": "Remove unused images",
            "pull": "Download an image from a registry",
            "push": "Upload an image to a registry",
            "rm": "Remove one or more images",
            "save": "Save one or more images to a tar archive (streamed to STDOUT by default)",
            "tag": "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
        },
    ),
    "network": (
        "Manage networks",
        {
            "connect": "Connect a container to a network",
            "create": "Create a network",
            "disconnect": "Disconnect a container from a network",
            "inspect": "Display detailed information on one or more networks",
            "ls": "List networks",
            "prune": "Remove all unused networks",
            "rm": "Remove one or more networks",
        },
    ),
    "system": (
        "Manage Sampan",
        {
            "df": "Show disk usage",
            "events": "Get real time events from the server",
            "info": "Display system-wide information",
            "prune": "Remove unused data",
        },
    ),
    "volume": (
        "Manage volumes",
        {
            "create": "Create a volume",
            "inspect": "Display detailed information on one or more volumes",
            "ls": "List volumes",
            "prune": "Remove unused local volumes",
            "rm": "Remove one or more volumes",
        },
    ),
}

# Commands without a noun.
PLAIN = {
    "completion": "Generate the autocompletion script for the specified shell",
    "inspect": "Return low-level information on Docker objects",
    "version": "Show the Sampan version information",
}

# Short forms at the top: what they stand for.
SHORT = {
    **{verb: ("container", verb) for verb in NOUNS["container"][1]},
    "ps": ("container", "ls"),
    "images": ("image", "ls"),
    "rmi": ("image", "rm"),
    "history": ("image", "history"),
    "import": ("image", "import"),
    "load": ("image", "load"),
    "pull": ("image", "pull"),
    "push": ("image", "push"),
    "save": ("image", "save"),
    "tag": ("image", "tag"),
    "events": ("system", "events"),
    "info": ("system", "info"),
}
# These words are something else at the top, or nothing.
for _word in ("inspect", "ls", "prune"):
    del SHORT[_word]

# Other names of a verb: any noun's ls is also its list.
OTHER = {
    ("container", "list"): "ls",
    ("container", "ps"): "ls",
    ("container", "remove"): "rm",
    ("image", "list"): "ls",
    ("image", "remove"): "rm",
    ("network", "list"): "ls",
    ("network", "remove"): "rm",
    ("volume", "list"): "ls",
    ("volume", "remove"): "rm",
}

COMMON = ("run", "exec", "ps", "pull", "push", "images", "version", "info")


class Command:
    """One command as it was found: how to name it, and where its code is."""

    __slots__ = ("noun", "path", "verb")

    def __init__(self, path: str, noun: str, verb: str) -> None:
        self.path = path  # as usage lines name it: "run", "container ls"
        self.noun = noun
        self.verb = verb

    @property
    def module(self) -> str:
        """The full name of its module."""
        verb = "import_" if self.verb == "import" else self.verb
        return f"{ROOM}.{self.noun}.{verb}" if self.noun else f"{ROOM}.{verb}"

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return NOUNS[self.noun][1][self.verb] if self.noun else PLAIN[self.verb]

    def names(self) -> list[str]:
        """Return every way to call it, the long one first."""
        if not self.noun:
            return [self.verb]
        verbs = [self.verb, *(name for (noun, name), verb in OTHER.items() if self._is(noun, verb))]
        tops = [top for top, found in SHORT.items() if found == (self.noun, self.verb)]
        return [f"{self.noun} {verb}" for verb in verbs] + tops

    def _is(self, noun: str, verb: str) -> bool:
        return noun == self.noun and verb == self.verb


def find(words: list[str]) -> tuple[Command | None, int]:
    """Find the command that these words begin with; also how many words it took.

    A noun alone, or with a verb it has not, is no command: (None, 1).
    """
    first = words[0] if words else ""
    if first in SHORT:
        return Command(first, *SHORT[first]), 1
    if first in PLAIN:
        return Command(first, "", first), 1
    if first not in NOUNS:
        return None, 0
    second = words[1] if len(words) > 1 else ""
    verb = OTHER.get((first, second), second)
    if verb in NOUNS[first][1]:
        return Command(f"{first} {verb}", first, verb), 2
    return None, 1
