"""Certificate, pairing and networks: who may come in, over what, and what a person is told of it."""

import ipaddress
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

import assets
from capture.phone_certificate import VALID_DAYS, certificate_for
from capture.phone_network import kind_of, networks
from capture.phone_pairing import SESSION_S, STATE_FILE, Pairing


@pytest.fixture
def clock():
    return [1_000_000.0]


@pytest.fixture
def pairing(tmp_path, clock):
    return Pairing(tmp_path, now=lambda: clock[0])


def test_a_certificate_is_made_once_and_kept(tmp_path):
    first = certificate_for(tmp_path / "phone", "192.168.1.5")
    assert certificate_for(tmp_path / "phone", "192.168.1.5") == first
    assert first.context().minimum_version.name == "TLSv1_2"
    assert len(first.fingerprint.split(":")) == 32


def test_it_is_for_this_address_and_no_phone_finds_it_too_long_lived(tmp_path):
    made = certificate_for(tmp_path, "192.168.1.5")
    read = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.168.1.5") in names.get_values_for_type(x509.IPAddress)
    assert read.not_valid_after_utc - datetime.now(UTC) < timedelta(days=VALID_DAYS + 1)


def test_a_new_address_gets_a_new_one(tmp_path):
    first = certificate_for(tmp_path, "192.168.1.5")
    assert certificate_for(tmp_path, "10.42.0.1").fingerprint != first.fingerprint


def test_a_broken_one_is_replaced(tmp_path):
    first = certificate_for(tmp_path, "192.168.1.5")
    first.certificate.write_bytes(b"half a file")
    assert certificate_for(tmp_path, "192.168.1.5").context()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_its_owner_can_read_the_key(tmp_path):
    made = certificate_for(tmp_path / "phone", "192.168.1.5")
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_a_token_is_long_and_never_the_same(pairing):
    tokens = {pairing.offer() for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32


def test_a_token_lets_one_phone_in(pairing):
    token = pairing.offer()
    entry = pairing.redeem(token)
    assert entry is not None
    assert pairing.admits(entry.path, entry.secret)
    assert pairing.redeem(token) is None


def test_nothing_is_let_in_before_a_code_was_shown(pairing):
    assert pairing.redeem("") is None
    assert not pairing.admits("", "")


def test_a_token_ends(pairing, clock):
    token = pairing.offer(valid_s=60)
    clock[0] += 60
    assert pairing.redeem(token) is None


def test_half_of_what_a_phone_was_given_is_not_enough(pairing):
    entry = pairing.redeem(pairing.offer())
    assert not pairing.admits(entry.path, "")
    assert not pairing.admits("", entry.secret)
    assert not pairing.admits(entry.secret, entry.path)


def test_a_day_later_it_is_asked_for_again(pairing, clock):
    entry = pairing.redeem(pairing.offer())
    clock[0] += SESSION_S
    assert not pairing.admits(entry.path, entry.secret)
    assert not pairing.paired


def test_another_phone_takes_its_place(pairing):
    first = pairing.redeem(pairing.offer())
    second = pairing.redeem(pairing.offer())
    assert not pairing.admits(first.path, first.secret)
    assert pairing.admits(second.path, second.secret)


def test_a_restart_knows_the_phone_but_the_disk_does_not_say_how_to_be_it(pairing, tmp_path, clock):
    entry = pairing.redeem(pairing.offer())
    kept = (tmp_path / STATE_FILE).read_text()
    assert entry.path not in kept
    assert entry.secret not in kept
    assert Pairing(tmp_path, now=lambda: clock[0]).admits(entry.path, entry.secret)


def test_a_state_of_another_version_is_forgotten(tmp_path):
    (tmp_path / STATE_FILE).write_text('{"port": "text"}')
    assert not Pairing(tmp_path).paired


@pytest.mark.parametrize(
    ("name", "address", "wireless", "driver", "kind"),
    [
        ("wlp2s0", "192.168.1.23", True, "iwlwifi", "wifi"),
        ("wlp2s0", "10.42.0.1", True, "iwlwifi", "hotspot_laptop"),
        ("", "192.168.137.1", False, "", "hotspot_laptop"),
        ("bridge100", "192.168.2.1", False, "", "hotspot_laptop"),
        ("wlp2s0", "172.20.10.2", True, "iwlwifi", "hotspot_phone"),
        ("wlp2s0", "192.168.43.17", True, "iwlwifi", "hotspot_phone"),
        ("enp0s20u1", "192.168.42.129", False, "rndis_host", "usb"),
        ("enp0s20u1", "192.168.88.5", False, "rndis_host", "usb"),
        ("enx0a1b", "172.20.10.4", False, "ipheth", "usb"),
        ("enp3s0", "192.168.1.5", False, "e1000e", "cable"),
        ("enp3s0", "192.168.2.1", False, "e1000e", "hotspot_laptop"),
        ("", "192.168.1.5", False, "", "other"),
    ],
)
def test_a_network_is_called_what_a_producer_calls_it(name, address, wireless, driver, kind):
    assert kind_of(name, address, wireless=wireless, driver=driver) == kind
    assert assets.text(f"phone.network.{kind}")


def test_this_machines_networks_are_addresses_that_one_can_listen_on():
    import socket

    for each in networks():
        assert not ipaddress.ip_address(each.address).is_loopback
        with socket.create_server((each.address, 0)):
            pass
