"""Work that tells how far it is, as an iterator of Docker's progress documents.

The work runs in a thread and calls report(document); whoever iterates gets the documents as they
come. When the reader goes away, the next report raises in the work, which then cleans up.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sampan.errors import SampanError

Document = dict[str, Any]
Report = Callable[[Document], None]

# Documents waiting for the reader; the work waits when it is slow.
_WAITING = 64


class Cancelled(SampanError):
    """Nobody reads the progress any more."""


def documents(work: Callable[[Report], None], name: str) -> Iterator[Document]:
    """Run the work in a thread, yield what it reports, raise what it raises."""
    waiting: queue.Queue[Document | None] = queue.Queue(_WAITING)
    errors: list[BaseException] = []
    gone = threading.Event()

    def report(document: Document) -> None:
        if gone.is_set():
            raise Cancelled("the client went away")
        waiting.put(document)

    def run() -> None:
        try:
            work(report)
        except BaseException as error:  # noqa: BLE001 - raised again by the iterator
            errors.append(error)
        finally:
            waiting.put(None)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        while (document := waiting.get()) is not None:
            yield document
        if errors:
            raise errors[0]
    finally:
        gone.set()
        while thread.is_alive():
            # Room for a report that was waiting to be put when the reader left.
            _drain(waiting)
            thread.join(0.05)


def _drain(waiting: "queue.Queue[Document | None]") -> None:
    while True:
        try:
            waiting.get_nowait()
        except queue.Empty:
            return


def layer_bar(short: str, action: str, current: int, total: int) -> Document:
    """One layer's progress, as clients draw it."""
    return {
        "status": action,
        "progressDetail": {"current": current, "total": total},
        "progress": "",
        "id": short,
    }
