"""The packet filter through libnftables: commands as text in, answers as text or JSON out.

What to filter is decided in sampan.network. Commands go in as nft's own language although
the library also reads JSON: version 1.0.6 takes no concatenated value in a map declared
by JSON ("map": ["ipv4_addr", "inet_service"] quietly becomes a set), and parsing the text is the
faster of the two (0.14 against 0.19 ms an element).
"""

import ctypes
import json
import os
from collections.abc import Callable
from ctypes import c_char_p, c_int, c_uint, c_uint32, c_void_p
from types import TracebackType
from typing import Any

LIBRARY = "libnftables.so.1"

_OUTPUT_JSON = 1 << 4  # NFT_CTX_OUTPUT_JSON, nftables/libnftables.h


class NftError(OSError):
    """A command was refused; the text is libnftables' own, the first line of it."""


class Nft:
    """One libnftables context.

    Its socket belongs to the network namespace of the thread that made it. Not for use by
    two threads at once.
    """

    def __init__(self) -> None:
        # Loaded on first use: with its own libraries it takes 3 ms and 2 MB.
        library = ctypes.CDLL(LIBRARY)
        self._run = _function(library, "nft_run_cmd_from_buffer", c_int, c_void_p, c_char_p)
        self._output = _function(library, "nft_ctx_get_output_buffer", c_char_p, c_void_p)
        self._error = _function(library, "nft_ctx_get_error_buffer", c_char_p, c_void_p)
        self._free = _function(library, "nft_ctx_free", None, c_void_p)
        self._flags = _function(library, "nft_ctx_output_set_flags", None, c_void_p, c_uint)
        new = _function(library, "nft_ctx_new", c_void_p, c_uint32)
        self._context = new(0)
        if not self._context:
            raise NftError(os.strerror(12))
        # Without buffers the library prints to our stdout and stderr.
        _function(library, "nft_ctx_buffer_output", c_int, c_void_p)(self._context)
        _function(library, "nft_ctx_buffer_error", c_int, c_void_p)(self._context)

    def __enter__(self) -> "Nft":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the context."""
        if self._context:
            self._free(self._context)
            self._context = None

    def run(self, commands: str) -> str:
        """Run commands as one transaction: all of them happen or none."""
        self._flags(self._context, 0)
        return self._execute(commands)

    def query(self, command: str) -> list[dict[str, Any]]:
        """Run a list command; return the objects it names, without the leading metainfo."""
        self._flags(self._context, _OUTPUT_JSON)
        answer = json.loads(self._execute(command) or "{}")
        return [item for item in answer.get("nftables", []) if "metainfo" not in item]

    def _execute(self, commands: str) -> str:
        failed = self._run(self._context, commands.encode())
        # Reading a buffer also empties it, so both are always read.
        output = self._output(self._context) or b""
        error = self._error(self._context) or b""
        if failed:
            raise NftError(_first_line(error.decode(errors="replace")))
        return str(output.decode(errors="replace"))


def _function(
    library: ctypes.CDLL, name: str, result: type | None, *argtypes: type
) -> Callable[..., Any]:
    function = library[name]
    function.argtypes = argtypes
    function.restype = result
    return function


def _first_line(text: str) -> str:
    for line in text.splitlines():
        if line.strip():
            return line.removeprefix("Error: ").removeprefix("netlink: ").strip()
    return "refused without a reason"
