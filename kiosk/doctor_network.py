"""The doctor on the way to the hub: address, gateway, name, port, certificate.

In: the kernel's tables, the identity. Out: findings, each one step further from this machine.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from kiosk.address import local_address
from kiosk.finding import Finding, look, well, wrong
from link.identity import Identity

ROUTE = Path("/proc/net/route")
NEIGHBOURS = Path("/proc/net/arp")
WITHIN = 5.0
"""Seconds for each step."""
_ANSWERED = 0x2


def on_the_way(identity: Identity) -> Iterator[Finding]:
    """Each step until the first that fails: what lies behind it cannot be judged."""
    steps: tuple[Callable[[], Finding], ...] = (
        lambda: address(identity.hub_host),
        lambda: gateway(identity.hub_host),
        lambda: dns(identity.hub_host),
        lambda: port(identity),
        lambda: tls(identity),
    )
    for step in steps:
        finding = step()
        yield finding
        if finding.level == "wrong":
            return


def address(hub_host: str) -> Finding:
    """This machine has a place on a network."""
    here = "127.0.0.1" if _is_here(hub_host) else local_address(hub_host)
    if not here:
        return wrong(
            "address",
            "没有网络地址",
            "no network address",
            "检查网线或 Wi-Fi；评价会先存在本机",
            "check the cable or the Wi-Fi; answers are kept here meanwhile",
        )
    if here.startswith("169.254."):
        return wrong(
            "address",
            f"{here}：路由器没有分配地址",
            f"{here}: the router has given no address",
            "检查路由器的 DHCP，或设置固定地址",
            "check the router's DHCP, or set a fixed address",
        )
    return well("address", here, here)


def gateway(hub_host: str, route: Path = ROUTE, neighbours: Path = NEIGHBOURS) -> Finding:
    """The way out of the local network."""
    found = default_gateway(route)
    if _is_here(hub_host):
        return well("gateway", "服务器就在本机，不需要", "the hub is on this machine: none is needed")
    if not found:
        return look(
            "gateway",
            "没有默认网关；只有服务器在同一网段时才连得上",
            "no default gateway; the hub is reached only within the same network",
            "在路由器或网络设置里补上网关",
            "set the gateway in the router's or this machine's network settings",
        )
    if not _answers(found, neighbours):
        return look(
            "gateway",
            f"{found} 没有响应",
            f"{found} does not answer",
            "检查路由器是否通电、网线另一端是否插好",
            "check that the router has power and the other end of the cable is plugged in",
        )
    return well("gateway", found, found)


def default_gateway(route: Path = ROUTE) -> str:
    """The IPv4 gateway of the default route; empty when there is none."""
    try:
        lines = route.read_text().splitlines()[1:]
    except OSError:
        return ""
    for words in (line.split() for line in lines):
        if len(words) > 2 and words[1] == "00000000" and words[2] != "00000000":
            return str(IPv4Address(int.from_bytes(bytes.fromhex(words[2]), "little")))
    return ""


def _answers(host: str, neighbours: Path) -> bool:
    """Whether the neighbour told its hardware address; a datagram to it makes the kernel ask."""
    until = time.monotonic() + 2.0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        while time.monotonic() < until:
            try:
                probe.sendto(b"", (host, 9))
                lines = neighbours.read_text().splitlines()[1:]
            except OSError:
                return True  # a kernel without the table cannot tell: no reason for an alarm
            for words in (line.split() for line in lines):
                if words[0] == host and int(words[2], 16) & _ANSWERED:
                    return True
            time.sleep(0.2)
    return False


def dns(host: str) -> Finding:
    """The hub's name has an address."""
    if _literal(host):
        return well("dns", f"不需要，服务器是 {host}", f"not needed, the hub is {host}")
    pool = ThreadPoolExecutor(1)  # the system's resolver cannot be told how long to try
    try:
        found = pool.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM).result(WITHIN)
    except (OSError, TooLong):
        return wrong(
            "dns",
            f"找不到 {host}",
            f"{host} has no address",
            "检查服务器域名有没有写错、路由器的 DNS；或改用 IP 地址重新登记",
            "check the spelling of the hub's name and the router's DNS; or enrol anew with an IP address",
        )
    finally:
        pool.shutdown(wait=False)
    told = str(found[0][4][0])
    return well("dns", f"{host} → {told}", f"{host} → {told}")


def port(identity: Identity) -> Finding:
    """Something answers where the hub should be."""
    where = f"{identity.hub_host}:{identity.hub_port}"
    try:
        with socket.create_connection((identity.hub_host, identity.hub_port), timeout=WITHIN):
            return well("hub", f"{where} 有响应", f"{where} answers")
    except OSError as error:
        return wrong(
            "hub",
            f"{where} 连不上：{error.strerror or error}",
            f"{where}: {error.strerror or error}",
            "检查服务器是否在运行、防火墙有没有放行这个端口",
            "check whether the hub runs and its firewall lets this port in",
        )


def tls(identity: Identity) -> Finding:
    """The hub shows a certificate that this terminal trusts."""
    if not identity.tls:
        return well("tls", "未启用", "not used")
    try:
        context = ssl.create_default_context(cafile=identity.ca_file or None)
        where = (identity.hub_host, identity.hub_port)
        with (
            socket.create_connection(where, timeout=WITHIN) as plain,
            context.wrap_socket(plain, server_hostname=identity.hub_host) as safe,
        ):
            return well("tls", str(safe.version()), str(safe.version()))
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message
    except OSError as error:
        why = error.strerror or str(error)
    return wrong(
        "tls",
        f"证书没有通过：{why}",
        f"the certificate is not accepted: {why}",
        "先看本机时钟对不对；再检查服务器证书的域名和有效期、登记文件里的 ca_file",
        "look at this machine's clock, then at name and dates of the hub's certificate, and at ca_file",
    )


def _literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_here(host: str) -> bool:
    return host == "localhost" or (_literal(host) and ip_address(host).is_loopback)
