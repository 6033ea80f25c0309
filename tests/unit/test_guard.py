"""Which addresses a stranger's URL may lead to."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.guard import AddressRefusedError, GuardedSockets, literal, networks, refused, refused_host

REFUSED = [
    *(
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
    ),
    *(
        "169.254.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
    ),
    *("255.255.255.255", "192.0.2.1", "203.0.113.9", "168.63.129.16", "192.88.99.1"),
    *(
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
    ),
    *(
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::169.254.169.254",
    ),
    *("64:ff9b:1::a00:1", "2002:7f00:1::1", "2002:c0a8:101::", "2001:0:a00:1::1", "2001:0:808:808::f5ff:fffe"),
    *("2a00::5efe:10.0.0.1", "2a00::200:5efe:7f00:1", "::ffff:0:127.0.0.1", "no address", ""),
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2a00:1450:4001:80b::200e", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_everybodys_is_refused(address: str):
    assert refused(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_through(address: str):
    assert refused(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "fd00::5"])
def test_a_network_that_is_allowed_is_let_through_however_it_is_written(address: str):
    assert refused(address, networks("127.0.0.0/8, fd00::/8")) is None
    assert refused(address, networks("10.0.0.0/8 fd01::/16"))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::ffff:0:0:0"]))
def test_what_an_ipv6_address_carries_is_judged_like_the_address_itself(address: ipaddress.IPv4Address, prefix: str):
    carrier = str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(address)))
    assert (refused(carrier) is None) == (refused(str(address)) is None)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "0",
            "017700000001",
            "[::1]",
            "127.0.0.1.",
            "１２７.０.０.１",
            "①②⑦.⓪.⓪.①",
            "127。0。0。1",
            "ｌｏｃａｌｈｏｓｔ",
        ),
        *("localhost", "LOCALHOST", "localhost.", "a.localhost", "ip6-localhost", "0xA9.0xFE.0xA9.0xFE", "2852039166"),
    ],
)
def test_a_host_that_means_this_machine_is_seen_however_it_is_written(host: str):
    assert refused_host(host)
    assert refused_host(host, networks("127.0.0.0/8 ::1 169.254.0.0/16 0.0.0.0/8")) is None


@pytest.mark.parametrize(
    "host", ["example.org", "1.1.1.1", "16843009", "dead.beef", "10.example.org", "xn--bcher-kva.ch"]
)
def test_a_public_host_and_a_name_are_let_through_to_be_judged_when_they_are_connected_to(host: str):
    assert refused_host(host) is None


@given(st.text(max_size=30))
def test_no_host_makes_the_guard_fail(host: str):
    refused_host(host)
    literal(host)


def test_sockets_are_made_only_for_addresses_that_may_be_connected_to():
    sockets = GuardedSockets(())
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))
    with pytest.raises(AddressRefusedError):
        sockets(info)
    assert "this machine itself" in (sockets.refusal or "")
    sockets((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("1.1.1.1", 80))).close()
    assert sockets.refusal is None


def test_a_network_that_is_none_is_named():
    with pytest.raises(ValueError, match=r"'10\.0\.0' is no network"):
        networks("127.0.0.1, 10.0.0")
