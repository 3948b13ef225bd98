"""Whose certificates are believed, and which are withdrawn: the files of one folder, read anew for every file."""

from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from ocr import ReaderMissing

_CERTIFICATES = (".pem", ".crt", ".cer")
_LISTS = (".crl",)


@dataclass(frozen=True, slots=True)
class Trust:
    """The roots of trust, and revocation lists; nobody's word is taken for a list but its issuer's."""

    roots: tuple[asn1_x509.Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()


def load_trust(folder: Path | None) -> Trust:
    """Everything in the folder. Raises ReaderMissing for a folder or file that can't be read: better no answer than
    a wrong one."""
    if folder is None:
        return Trust()
    roots: list[asn1_x509.Certificate] = []
    lists: list[x509.CertificateRevocationList] = []
    try:
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() in _CERTIFICATES:
                roots += [asn1_x509.Certificate.load(each) for each in _plain(file.read_bytes())]
            elif file.suffix.lower() in _LISTS:
                lists += [x509.load_der_x509_crl(each) for each in _plain(file.read_bytes())]
    except (OSError, ValueError) as fault:
        raise ReaderMissing(f"the folder of trusted certificates can't be read: {fault}") from fault
    return Trust(tuple(roots), tuple(lists))


def _plain(data: bytes) -> list[bytes]:
    """The parts of a PEM file, or the one of a DER file."""
    return [each for _kind, _headers, each in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
