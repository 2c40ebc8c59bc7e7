"""Import a module by name, now. The one door for what is loaded only when it is needed.

Commands, help screens, templates and progress bars stay out of a command's start-up until
it turns out that this command, with these flags, wants them. importlib.import_module would
do the same, and its package costs more to import than some commands.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def load(name: str) -> Any:  # noqa: ANN401 - modules follow moulds, which have no type
    """Return the module of this full name, importing it when it is not there yet."""
    __import__(name)
    return sys.modules[name]
