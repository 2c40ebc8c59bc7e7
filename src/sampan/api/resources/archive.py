"""Files of containers: `docker cp` both ways, and export."""

import base64
from typing import Any

import msgspec

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.containers.copy_in import copy_in
from sampan.engine.containers.copy_out import copy_out
from sampan.engine.containers.export import export
from sampan.engine.containers.stat_path import stat_path
from sampan.errors import InvalidRequest
from sampan.http.messages import Response


def _path(call: Call) -> str:
    path = call.query.text("path")
    if not path:
        raise InvalidRequest("bad parameter: path cannot be empty")
    return path


def _stat_header(stat: dict[str, Any]) -> dict[str, str]:
    text = base64.b64encode(msgspec.json.encode(stat)).decode("ascii")
    return {"X-Docker-Container-Path-Stat": text}


async def head_archive(call: Call) -> Response:
    """What a path is."""
    stat = await stat_path(call.engine, call.ref, path=_path(call))
    return Response(200, b"", _stat_header(stat))


async def get_archive(call: Call) -> Response:
    """A path as a tar stream."""
    archive = await copy_out(call.engine, call.ref, path=_path(call))
    return await replies.chunks(archive.chunks, {**replies.TAR, **_stat_header(archive.stat)})


async def put_archive(call: Call) -> Response:
    """Unpack a tar stream below a path."""
    query = call.query
    await copy_in(
        call.engine,
        call.ref,
        path=_path(call),
        body=call.upload(),
        no_overwrite_dir_non_dir=query.flag("noOverwriteDirNonDir"),
        copy_uid_gid=query.flag("copyUIDGID"),
    )
    return replies.nothing(200)


async def get_export(call: Call) -> Response:
    """`docker export`."""
    chunks = await export(call.engine, call.ref)
    return await replies.chunks(chunks, {"Content-Type": "application/octet-stream"})


ROUTES = (
    Route("HEAD", "/containers/{name}/archive", head_archive),
    Route("GET", "/containers/{name}/archive", get_archive, cancel=True),
    Route("PUT", "/containers/{name}/archive", put_archive),
    Route("GET", "/containers/{name}/export", get_export, cancel=True),
)
