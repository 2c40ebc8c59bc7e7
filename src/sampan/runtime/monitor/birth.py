"""How a container's monitor comes to be: made ahead of need, then given a container."""

from _socket import socket

from sampan.runtime import packets
from sampan.runtime.monitor.container import ContainerMonitor
from sampan.runtime.monitor.external import ExternalMonitor
from sampan.runtime.task import Task


def main(jobs: socket) -> None:
    """Be the monitor of the container that the first packet of jobs will name."""
    monitor = ContainerMonitor()
    monitor.prepare()
    data, fds = packets.receive(jobs)
    jobs.close()
    if not data:
        # Nobody will need us.
        return
    directory = monitor.directory = packets.decode(data)["dir"]
    monitor.give_job()
    if _has_own_runtime(directory):
        monitor.discard()
        monitor = ExternalMonitor()
        monitor.directory = directory
    monitor.run(packets.from_fd(fds[0]))


def _has_own_runtime(directory: str) -> bool:
    try:
        return bool(Task.read(directory).runtime)
    except (OSError, ValueError, KeyError):
        # Said by the monitor, which can be heard.
        return False
