"""How a command ends other than well.

    SampanError
    ├── CommandError    one sentence for stderr and an exit code
    │   └── UsageError  the words make no sense; the usage line follows the sentence
    ├── HelpAsked       --help was among the words
    └── Exit            end with this code, everything has been said

Texts start as the docker client's do, since scripts look at them.
"""

from sampan.errors import SampanError

# Docker's code for "the client or the daemon failed", as against the container's own.
FAILED = 125
NOT_EXECUTABLE = 126
NOT_FOUND = 127


class CommandError(SampanError):
    """Print this sentence to stderr and end with this code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class UsageError(CommandError):
    """The words of a command make no sense.

    `prefixed` puts `sampan: ` in front; `word` is how the last line begins, which Docker
    does in two ways.
    """

    def __init__(
        self, message: str, code: int = FAILED, *, prefixed: bool = False, word: str = "Run"
    ) -> None:
        super().__init__(message, code)
        self.prefixed = prefixed
        self.word = word


class HelpAsked(SampanError):
    """The user wants the help screen of this command."""


class Exit(SampanError):
    """End with this code; nothing is left to say."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit {code}")
        self.code = code
