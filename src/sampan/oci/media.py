"""Media types of image parts, OCI's and Docker's, and the platform of this machine. Pure."""

import os
from collections.abc import Mapping

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
LAYER_GZIP = LAYER + "+gzip"
LAYER_ZSTD = LAYER + "+zstd"

DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

INDEXES = frozenset((INDEX, DOCKER_LIST))
MANIFESTS = frozenset((MANIFEST, DOCKER_MANIFEST))
CONFIGS = frozenset((CONFIG, DOCKER_CONFIG))

# The kernel's machine names in Go's words, with the variant that images give.
_MACHINES = {
    "x86_64": ("amd64", ""),
    "aarch64": ("arm64", "v8"),
    "armv7l": ("arm", "v7"),
    "armv6l": ("arm", "v6"),
    "i686": ("386", ""),
    "ppc64le": ("ppc64le", ""),
    "s390x": ("s390x", ""),
    "riscv64": ("riscv64", ""),
}

ARCHITECTURE, VARIANT = _MACHINES.get(os.uname().machine, (os.uname().machine, ""))


def runs_here(platform: Mapping[str, object] | None) -> bool:
    """Whether an image of this platform is meant for this machine; not said means yes."""
    if not platform:
        return True
    return (
        platform.get("os", "linux") == "linux"
        and platform.get("architecture", ARCHITECTURE) == ARCHITECTURE
        and platform.get("variant", "") in {"", VARIANT}
    )
