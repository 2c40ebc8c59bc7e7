"""What can go wrong between a caller and the daemon, beside sampan.errors.

    SampanError
    ├── ApiError        the daemon answered with an error; carries its status and words
    └── Unavailable
        └── Unreachable no daemon answers at this address

Texts are the words users and scripts know from the docker client.
"""

from sampan.errors import SampanError, Unavailable


class ApiError(SampanError):
    """The daemon refused; `message` is its sentence, `status` the HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"Error response from daemon: {message}")
        self.status = status
        self.message = message


class Unreachable(Unavailable):
    """Nobody listens at this address, or we may not talk to it."""
