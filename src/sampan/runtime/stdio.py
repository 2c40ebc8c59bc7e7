"""The pipes between a program and its monitor."""

import os


class Pipes:
    """Both ends of the standard streams of a program without a terminal."""

    __slots__ = ("ours", "theirs")

    def __init__(self) -> None:
        their_in, our_in = os.pipe2(os.O_CLOEXEC)
        our_out, their_out = os.pipe2(os.O_CLOEXEC)
        our_err, their_err = os.pipe2(os.O_CLOEXEC)
        self.ours = (our_in, our_out, our_err)
        self.theirs = (their_in, their_out, their_err)

    def close_theirs(self) -> None:
        """Let go of the program's ends, so that the end of its output is seen."""
        for fd in self.theirs:
            os.close(fd)

    def close_ours(self) -> None:
        """Let go of our ends: these pipes are not needed after all."""
        for fd in self.ours:
            if fd >= 0:
                os.close(fd)

    def close_our_input(self) -> None:
        """Let go of the way to the program's input: it is to read /dev/null."""
        os.close(self.ours[0])
        self.ours = (-1, *self.ours[1:])


def standard_fds(pipes: tuple[int, int, int], *, stdin: bool) -> tuple[int, int, int]:
    """Descriptors for a program without a terminal; without stdin it reads /dev/null."""
    if stdin:
        return pipes
    return (os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC), *pipes[1:])
