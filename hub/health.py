"""/healthz, /readyz and /metrics: what machines ask the hub.

In: callables that look at the running hub. Out: JSON and Prometheus text. /metrics answers to the networks
of the setting `metrics_from`; the other two say nothing that a stranger may not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from hub.metrics import Exposition, Readings


def router(
    *,
    troubles: Callable[[], Mapping[str, str]],
    readings: Callable[[], Readings],
    metrics_from: tuple[str, ...],
    version: str,
) -> APIRouter:
    """`troubles` names the parts that are not well, each with one sentence; empty when all is well."""
    routes = APIRouter(include_in_schema=False)
    exposition = Exposition(readings)
    networks = [ip_network(network) for network in metrics_from]

    @routes.get("/healthz")
    async def healthz() -> Response:
        return JSONResponse({"status": "ok", "version": version}, headers={"Cache-Control": "no-store"})

    @routes.get("/readyz")
    def readyz() -> Response:
        found = dict(troubles())
        answer = {"status": "not ready" if found else "ready", "troubles": found}
        return JSONResponse(answer, 503 if found else 200, headers={"Cache-Control": "no-store"})

    @routes.get("/metrics")
    def metrics(request: Request) -> Response:
        if not _from_within(request, networks):
            return PlainTextResponse("not from here; see the setting metrics_from\n", 403)
        return Response(exposition.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return routes


def _from_within(request: Request, networks: list[IPv4Network | IPv6Network]) -> bool:
    try:
        peer = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return any(peer in network for network in networks)
