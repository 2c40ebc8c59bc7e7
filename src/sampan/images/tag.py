"""`tag`: another name for an image."""

from sampan.errors import InvalidRequest
from sampan.images.shelf import Shelf
from sampan.oci import reference


def tag(shelf: Shelf, identity: str, repository: str, tag_: str = "") -> str:
    """Let repository:tag name the image; return the name as users write it."""
    wanted = reference.with_tag(repository, tag_)
    if wanted.digest:
        raise InvalidRequest("refusing to create a tag with a digest reference")
    with shelf.lock:
        shelf.name(wanted, identity)
    return wanted.familiar
