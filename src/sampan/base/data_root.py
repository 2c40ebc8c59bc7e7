"""The data root, drawn once: everything that survives a reboot.

Makes paths, not files.

    <data-root>/                             /var/lib/sampan, mode 0710
    ├── engine-id                            a UUID, shown by `info`
    ├── state.db                             SQLite: containers, images, networks, volumes
    ├── content/
    │   ├── blobs/sha256/<hex>               blobs by digest, read-only once there
    │   └── ingest/<random>                  half-written blobs; emptied at start
    ├── layers/<driver>/<chain-id hex>/      one applied layer each; inside is the driver's business
    ├── snapshots/<driver>/<container id>/   writable layers; inside is the driver's business
    ├── containers/<id>/                     hostname, hosts, resolv.conf, <id>-json.log
    ├── volumes/<name>/_data                 volumes of the local driver
    └── tmp/                                 scratch; emptied at start
"""

import os

DEFAULT = "/var/lib/sampan"


class DataRoot:
    """Paths below one data root."""

    def __init__(self, path: str = DEFAULT) -> None:
        self.path = os.path.abspath(path)
        self.engine_id = f"{self.path}/engine-id"
        self.database = f"{self.path}/state.db"
        self.blobs = f"{self.path}/content/blobs"
        self.ingest = f"{self.path}/content/ingest"
        self.layers = f"{self.path}/layers"
        self.snapshots = f"{self.path}/snapshots"
        self.containers = f"{self.path}/containers"
        self.volumes = f"{self.path}/volumes"
        self.tmp = f"{self.path}/tmp"

    def container(self, container_id: str) -> str:
        """Directory of one container's own files."""
        return f"{self.containers}/{container_id}"

    def container_log(self, container_id: str) -> str:
        """The json-file log of one container (also reported as LogPath)."""
        return f"{self.containers}/{container_id}/{container_id}-json.log"

    def volume(self, name: str) -> str:
        """Mountpoint of one volume of the local driver."""
        return f"{self.volumes}/{name}/_data"
