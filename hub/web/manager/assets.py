"""Styles, scripts and pictures of the pages, served from the package itself.

In: directories. Out: for each file an address that holds its hash, so that a browser may keep it for ever and
still gets a new one after an update.
"""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fastapi import Request, Response

PREFIX = "/manager/assets"
KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent."""

    body: bytes
    packed: bytes
    digest: str
    media_type: str


class Assets:
    """Every file under the directories, by its path below them."""

    def __init__(self, *directories: Path) -> None:
        self._assets: dict[str, Asset] = {}
        for directory in directories:
            for file in sorted(directory.rglob("*")):
                if file.is_file() and file.suffix in (".css", ".js", ".svg"):
                    self._assets[file.relative_to(directory).as_posix()] = _read(file)

    def url(self, name: str) -> str:
        """The address of a file; KeyError when there is none of that name."""
        return f"{PREFIX}/{self._assets[name].digest}/{name}"

    def answer(self, request: Request, digest: str, name: str) -> Response:
        """The file, or 404 when it is not there or its hash is an old one."""
        asset = self._assets.get(name)
        if asset is None or asset.digest != digest:
            return Response("not found", 404, media_type="text/plain")
        headers = {**KEPT, "Vary": "Accept-Encoding"}
        body = asset.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        return Response(body, headers=headers, media_type=asset.media_type)


def _read(file: Path) -> Asset:
    body = file.read_bytes()
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(body, gzip.compress(body, 9, mtime=0), sha256(body).hexdigest()[:16], media_type)
