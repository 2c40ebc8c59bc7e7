"""Archives for tests: made by the standard library, so that our own reader meets another writer."""

import io
import json
import tarfile

from sampan.oci import digest


def member(name, kind=tarfile.REGTYPE, data=b"", **fields):
    """One member, to be given to tar()."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def directory(name, **fields):
    return member(name, tarfile.DIRTYPE, **{"mode": 0o755, **fields})


def link(name, target, **fields):
    return member(name, tarfile.SYMTYPE, linkname=target, **fields)


def hardlink(name, target):
    return member(name, tarfile.LNKTYPE, linkname=target)


def device(name, major, minor, kind=tarfile.CHRTYPE):
    return member(name, kind, devmajor=major, devminor=minor)


def tar(*members, form=tarfile.GNU_FORMAT):
    """The bytes of an archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def files(**named):
    """An archive of plain files."""
    return tar(*(member(name, data=data) for name, data in named.items()))


def blocks(data, size=1 << 16):
    """An archive as a stream of blocks."""
    return (data[at : at + size] for at in range(0, len(data), size))


def config(*layers, **words):
    """The config of an image with these (uncompressed) layers."""
    document = {
        "architecture": "amd64",
        "os": "linux",
        "created": "2024-05-06T07:08:09Z",
        "config": {"Cmd": ["sh"]},
        "rootfs": {"type": "layers", "diff_ids": [digest.of(layer) for layer in layers]},
        "history": [{"created_by": f"step {n}"} for n, _ in enumerate(layers)],
        **words,
    }
    return json.dumps(document).encode()


def docker_archive(*layers, tags=("thing:latest",), compress=None, **words):
    """What `docker save` wrote before version 25."""
    described = config(*layers, **words)
    names = [f"layer{n}/layer.tar" for n, _ in enumerate(layers)]
    item = {
        "Config": f"{digest.hex_of(digest.of(described))}.json",
        "RepoTags": list(tags),
        "Layers": names,
    }
    packed = [compress(layer) if compress else layer for layer in layers]
    return tar(
        *(member(name, data=layer) for name, layer in zip(names, packed, strict=True)),
        member(item["Config"], data=described),
        member("manifest.json", data=json.dumps([item]).encode()),
    )


def oci_layout(*layers, name="thing:latest", compress=None, media="", **words):
    """An OCI image layout in a tar, as skopeo and buildx write it."""
    described = config(*layers, **words)
    packed = [compress(layer) if compress else layer for layer in layers]
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": digest.of(described),
                "size": len(described),
            },
            "layers": [
                {
                    "mediaType": f"application/vnd.oci.image.layer.v1.tar{media}",
                    "digest": digest.of(layer),
                    "size": len(layer),
                }
                for layer in packed
            ],
        }
    ).encode()
    index = {
        "schemaVersion": 2,
        "manifests": [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": digest.of(manifest),
                "size": len(manifest),
                "annotations": {"org.opencontainers.image.ref.name": name},
            }
        ],
    }
    blobs = {digest.hex_of(digest.of(blob)): blob for blob in (described, manifest, *packed)}
    return tar(
        member("oci-layout", data=b'{"imageLayoutVersion": "1.0.0"}'),
        member("index.json", data=json.dumps(index).encode()),
        *(member(f"blobs/sha256/{hex_}", data=blob) for hex_, blob in sorted(blobs.items())),
    )
