"""The pipes between a program and its monitor."""

import os


class Pipes:
    """Both ends of the standard streams of a program without a terminal."""

    __slots__ = ("ours", "theirs")

    def __init__(self, *, stdin: bool) -> None:
        """Make them; without stdin the program reads /dev/null."""
        if stdin:
            their_in, our_in = os.pipe2(os.O_CLOEXEC)
        else:
            their_in, our_in = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC), -1
        our_out, their_out = os.pipe2(os.O_CLOEXEC)
        our_err, their_err = os.pipe2(os.O_CLOEXEC)
        self.ours = (our_in, our_out, our_err)
        self.theirs = (their_in, their_out, their_err)

    def close_theirs(self) -> None:
        """Let go of the program's ends, so that the end of its output is seen."""
        for fd in self.theirs:
            os.close(fd)
