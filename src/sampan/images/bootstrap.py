"""`image bootstrap`: a first image where there is no registry, from the distribution's packages.

    debian[:SUITE[-slim]], ubuntu[:SUITE[-slim]]   by mmdebstrap (sampan.images.bootstrap_suite)
    busybox                                        from Debian's busybox-static

Which of them, is decided here; how they are made, in the modules named.
"""

from collections.abc import Iterator

from sampan.errors import InvalidRequest
from sampan.images import bootstrap_busybox, bootstrap_suite, progress
from sampan.images.progress import Document
from sampan.images.shelf import Shelf
from sampan.oci import reference


def bootstrap(shelf: Shelf, text: str, scratch: str) -> Iterator[Document]:
    """Make the image; yield progress, at the end its id."""
    wanted = reference.parse(text)
    if wanted.domain != reference.DEFAULT_DOMAIN or not wanted.path.startswith(reference.OFFICIAL):
        raise InvalidRequest(f"cannot bootstrap {text}: there are debian, ubuntu and busybox")
    name = wanted.familiar_name
    if name == "busybox":
        return progress.documents(
            lambda report: bootstrap_busybox.make(shelf, wanted.tagged(), report), "bootstrap"
        )
    if name in bootstrap_suite.DISTRIBUTIONS:
        plan = bootstrap_suite.plan(name, wanted.tag, scratch)
        return progress.documents(
            lambda report: bootstrap_suite.make(shelf, wanted.tagged(), plan, report), "bootstrap"
        )
    raise InvalidRequest(f"cannot bootstrap {text}: there are debian, ubuntu and busybox")
