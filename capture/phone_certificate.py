"""Make the certificate that lets a phone talk to this laptop in secret, without anybody's permission.

It is signed by nobody but itself, so the phone asks once; the fingerprint shown beside the QR code is how a
careful person makes sure that it is this laptop.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from capture.files import write_whole

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as X509

VALID_DAYS = 200  # Apple refuses more than 825, and a lost laptop's key should not live long
RENEW_DAYS = 7
COMMON_NAME = "Lapel"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key on disk. ``fingerprint`` is SHA-256 as phones show it (AB:CD:…)."""

    certificate: Path
    key: Path
    fingerprint: str

    def context(self) -> ssl.SSLContext:
        """Return what a server needs; TLS 1.2 is the oldest that is spoken."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        return context


def certificate_for(folder: Path, address: str) -> Certificate:
    """Return the certificate kept in ``folder``; a new one if there is none for ``address``, or it is old.

    Args:
        folder: Only the person who uses this laptop should be able to read it.
        address: IP address that phones will use.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    found: X509 | None = None
    if path.exists() and key_path.exists():
        with contextlib.suppress(ValueError):  # half a file from elsewhere: make another
            found = x509.load_pem_x509_certificate(path.read_bytes())
    if found is None or not _fits(found, address):
        found = _make(path, key_path, address)
    digest = found.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(path, key_path, digest)


def _fits(found: X509, address: str) -> bool:
    from cryptography import x509

    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(each) for each in names.get_values_for_type(x509.IPAddress)}
    renew_at = found.not_valid_after_utc - timedelta(days=RENEW_DAYS)
    return address in known and datetime.now(UTC) < renew_at


def _make(path: Path, key_path: Path, address: str) -> X509:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, COMMON_NAME)])
    now = datetime.now(UTC)
    addresses = dict.fromkeys((address, "127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # the phone's clock may be behind
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(each)) for each in addresses]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Never readable by others, not even for a moment.
    key_path.unlink(missing_ok=True)
    handle = os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        os.fsync(file.fileno())
    write_whole(path, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate
