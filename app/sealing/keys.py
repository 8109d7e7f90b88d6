"""The keys that authorities seal with: each a file, of which only `signer_of` knows.

A hardware key takes its place there: whatever pyHanko can sign with will do.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign import signers

import config
from app import clock

DEMONSTRATION: Final = "演示专用"
_DEMONSTRATION_FILE: Final = "demonstration.p12"
_YEARS: Final = 10


class Unusable(Exception):  # noqa: N818 -- reads as what happened
    """A key file is there and cannot be used; the message names the file."""


def signer_of(code: str) -> signers.Signer | None:
    """What seals for the unit with this credit code; None where it has no key of its own.

    In a demonstration one key, which says so, seals for everybody. Raises Unusable.
    """
    settings = config.current()
    if settings.demo:
        path = settings.data_dir / "seals" / _DEMONSTRATION_FILE
        if not path.exists():
            _make(path)
        return _loaded(path, path.stat().st_mtime_ns)
    path = settings.seals_dir / f"{code}.p12"
    return _loaded(path, path.stat().st_mtime_ns) if path.exists() else None


def said_below() -> str:
    """What stands under the star of a seal: nothing, unless the key is no authority's."""
    return DEMONSTRATION if config.current().demo else ""


def fingerprint(signer: signers.Signer) -> str:
    """The SHA-256 of its certificate, in hexadecimal."""
    certificate = signer.signing_cert
    digest: bytes = certificate.sha256 if certificate else b""
    return digest.hex()


@lru_cache(maxsize=64)
def _loaded(path: Path, changed: int) -> signers.Signer:
    """Read once, and again when the file was changed; the passphrase stands beside it, if any."""
    del changed
    words = path.with_suffix(".pass")
    passphrase = words.read_bytes().strip() if words.exists() else None
    load: Any = signers.SimpleSigner.load_pkcs12
    signer: signers.Signer | None = load(str(path), passphrase=passphrase)
    if signer is None:
        message = f"{path.name}: not a PKCS #12 file, or not with this passphrase"
        raise Unusable(message)
    return signer


def _make(path: Path) -> None:
    """A key that nobody need trust; processes that make it at the same time agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_bytes(_demonstration_key())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _demonstration_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"信用办案系统{DEMONSTRATION}")])
    today = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=365 * _YEARS))
        .add_extension(_usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(None, key, certificate, None, plain)


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
