"""Images: list, make, load and save, name, remove."""

from typing import Any

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.images.bootstrap import bootstrap
from sampan.engine.images.history import history
from sampan.engine.images.import_ import import_
from sampan.engine.images.inspect import inspect
from sampan.engine.images.list_ import list_
from sampan.engine.images.load import load
from sampan.engine.images.prune import prune
from sampan.engine.images.remove import remove
from sampan.engine.images.save import save
from sampan.engine.images.tag import tag
from sampan.errors import InvalidRequest, NotImplemented_
from sampan.http.messages import Response
from sampan.oci import reference


async def get_list(call: Call) -> Response:
    """`docker images`."""
    query = call.query
    found = await list_(
        call.engine,
        all_=query.flag("all"),
        shared_size=query.flag("shared-size"),
        filters=call.filters(),
    )
    return replies.document([_dress(call, image) for image in found])


def _dress(call: Call, image: dict[str, Any]) -> dict[str, Any]:
    """The words older clients expect: VirtualSize until 1.43, <none> until 1.42."""
    if call.version < (1, 44):
        image = {**image, "VirtualSize": image.get("Size", 0)}
    if call.version < (1, 43):
        image = {
            **image,
            "RepoTags": image.get("RepoTags") or ["<none>:<none>"],
            "RepoDigests": image.get("RepoDigests") or ["<none>@<none>"],
        }
    return image


async def get_one(call: Call) -> Response:
    """`docker image inspect`."""
    found = await inspect(call.engine, call.ref)
    if call.version < (1, 44):
        found = {**found, "VirtualSize": found.get("Size", 0)}
    return replies.document(found)


async def get_history(call: Call) -> Response:
    """`docker history`."""
    return replies.document(await history(call.engine, call.ref))


async def post_create(call: Call) -> Response:
    """`docker import` and `docker pull`."""
    query = call.query
    image, source = query.text("fromImage"), query.text("fromSrc")
    if image:
        name = reference.parse(image).familiar_name
        tag_ = query.text("tag")
        mark = "@" if ":" in tag_ else ":"
        raise NotImplemented_(
            f"cannot pull {name}{mark}{tag_ or 'latest'}: this build has no registry client yet;"
            " load, import or bootstrap an image"
        )
    if not source:
        raise InvalidRequest("neither fromImage nor fromSrc is given")
    if source != "-":
        raise NotImplemented_(
            f"cannot import from {source}: this build fetches no URLs yet; send the archive"
        )
    found = await import_(
        call.engine,
        call.upload(),
        repo=query.text("repo"),
        tag=query.text("tag"),
        message=query.text("message"),
        changes=query.texts("changes"),
        platform=query.text("platform"),
    )
    return await replies.progress(found)


async def post_load(call: Call) -> Response:
    """`docker load`."""
    quiet = call.query.flag("quiet")
    return await replies.progress(await load(call.engine, call.upload(), quiet=quiet))


async def get_save(call: Call) -> Response:
    """`docker save` of several images."""
    names = [name for text in call.query.texts("names") for name in text.split(",") if name]
    if not names:
        raise InvalidRequest("no image names given")
    return await replies.chunks(await save(call.engine, names), replies.TAR)


async def get_save_one(call: Call) -> Response:
    """`docker save` of one image."""
    return await replies.chunks(await save(call.engine, [call.ref]), replies.TAR)


async def post_tag(call: Call) -> Response:
    """`docker tag`."""
    await tag(call.engine, call.ref, repo=call.query.text("repo"), tag=call.query.text("tag"))
    return replies.nothing(201)


async def delete_one(call: Call) -> Response:
    """`docker rmi`."""
    query = call.query
    return replies.document(
        await remove(
            call.engine, call.ref, force=query.flag("force"), noprune=query.flag("noprune")
        )
    )


async def post_prune(call: Call) -> Response:
    """`docker image prune`."""
    return replies.document(await prune(call.engine, filters=call.filters()))


async def post_bootstrap(call: Call) -> Response:
    """`sampan image bootstrap`: a base image from the distribution's package mirror. Ours."""
    ref = call.query.text("ref")
    if not ref:
        raise InvalidRequest("bad parameter: ref cannot be empty")
    return await replies.progress(await bootstrap(call.engine, ref))


async def no_registry(call: Call) -> Response:
    """Push, search, and asking a registry about an image."""
    raise NotImplemented_("this build has no registry client yet")


ROUTES = (
    Route("GET", "/images/json", get_list),
    Route("GET", "/images/search", no_registry),
    Route("GET", "/images/get", get_save, cancel=True),
    Route("POST", "/images/create", post_create, cancel=True),
    Route("POST", "/images/load", post_load, cancel=True),
    Route("POST", "/images/prune", post_prune, since=(1, 25)),
    Route("POST", "/sampan/images/bootstrap", post_bootstrap, cancel=True),
    Route("GET", "/images/{name...}/json", get_one),
    Route("GET", "/images/{name...}/history", get_history),
    Route("GET", "/images/{name...}/get", get_save_one, cancel=True),
    Route("POST", "/images/{name...}/push", no_registry),
    Route("POST", "/images/{name...}/tag", post_tag),
    Route("GET", "/distribution/{name...}/json", no_registry, since=(1, 30)),
    Route("DELETE", "/images/{name...}", delete_one),
)
