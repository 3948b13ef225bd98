"""Certificates, seals and signed PDFs for tests: made anew each time, trusted by nobody outside."""

import asyncio
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from tests.factories.documents import pdf

AUTHORITY = "Cơ quan chứng thực Yên Giang"
OFFICE = "Văn phòng Đăng ký đất đai Yên Giang"


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and those above it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        issuer: Self | None = None,
        *,
        days: tuple[int, int] = (-30, 365),
        is_authority: bool = False,
        is_clock: bool = False,
    ) -> Self:
        """A certificate valid from and to so many days from now; without issuer it vouches for itself."""
        now = datetime.now(UTC)
        # The clock of the tests knows RSA alone.
        key = rsa.generate_private_key(65537, 2048) if is_clock else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not is_authority,
                    content_commitment=not is_authority,
                    key_cert_sign=is_authority,
                    crl_sign=is_authority,
                    **usage,
                ),
                critical=True,
            )
        )
        if is_clock:
            stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(stamping, critical=True)
        certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
        return cls(certificate, key, (issuer.certificate, *issuer.above) if issuer else ())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def as_pkcs12(self, password: str = "") -> bytes:
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"seal", self.key, self.certificate, self.above, lock)

    def signer(self) -> signers.SimpleSigner:
        signer: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(self.as_pkcs12(), other_certs=[])
        return signer

    def revocation_list(self, *revoked: "Identity", days: tuple[int, int] = (-2, 5)) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now + timedelta(days=days[0]))
            .next_update(now + timedelta(days=days[1]))
        )
        for each in revoked:
            row = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
            builder = builder.add_revoked_certificate(row.revocation_date(now - timedelta(days=1)).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def authority() -> Identity:
    return Identity.of(AUTHORITY, is_authority=True)


def trust_folder(folder: Path, authorities: Iterable[Identity], *lists: bytes) -> Path:
    """A folder of trusted certificates and revocation lists as settings name it."""
    folder.mkdir(exist_ok=True)
    for number, each in enumerate(authorities):
        (folder / f"{number}.pem").write_bytes(each.pem)
    for number, each_list in enumerate(lists):
        (folder / f"{number}.crl").write_bytes(each_list)
    return folder


def signed(
    identity: Identity, content: bytes | None = None, *, field: str = "Chu-ky", stamped_by: Identity | None = None
) -> bytes:
    """A PDF signed as PAdES asks; `stamped_by` proves the time."""
    about = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    writer = IncrementalPdfFileWriter(io.BytesIO(content or pdf()))
    return bytes(signers.sign_pdf(writer, about, signer=identity.signer(), timestamper=_stamper(stamped_by)).getvalue())


def _stamper(identity: Identity | None) -> DummyTimeStamper | None:
    if identity is None:
        return None
    (certificate,) = load_certs_from_pemder_data(identity.pem)
    return DummyTimeStamper(certificate, identity.signer().signing_key)


def changed_after_signing(content: bytes) -> bytes:
    """One figure of the page's size is another, at the same place of the file."""
    assert content.count(b"595") >= 1
    return content.replace(b"595", b"594", 1)


def added_to(content: bytes) -> bytes:
    """Words over the page, appended as an incremental update: not a byte of before is touched."""
    writer = PdfWriter(io.BytesIO(content), incremental=True)
    writer.add_annotation(0, FreeText(text="Diện tích: 3.215 m²", rect=(100, 600, 300, 640)))
    buffer = io.BytesIO()
    writer.write(buffer)
    added = buffer.getvalue()
    assert added.startswith(content)
    assert len(added) > len(content)
    return added


def signed_in_part(identity: Identity) -> bytes:
    """A signature that holds, over the file without its last 60 bytes: there anything may stand."""
    content = signed(identity)
    ranges = re.search(rb"/ByteRange\s*\[([\d ]+)\]", content)
    assert ranges
    start, length, gap_end, rest = map(int, ranges[1].split())
    fewer = f"{start} {length} {gap_end} {rest - 60}".ljust(len(ranges[1])).encode()
    content = content[: ranges.start(1)] + fewer + content[ranges.end(1) :]
    covered = content[start : start + length] + content[gap_end : gap_end + rest - 60]
    info = asyncio.run(identity.signer().async_sign(sha256(covered).digest(), "sha256", use_pades=True))
    hexed = info.dump().hex().encode()
    room = gap_end - (start + length) - 2
    made: bytes = content[: start + length + 1] + hexed.ljust(room, b"0") + content[gap_end - 1 :]
    return made
