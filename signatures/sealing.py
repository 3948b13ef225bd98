"""Putting a seal of our own on a PDF: PAdES B-B, or B-T where a timestamp authority is named.

Loading this takes as long as drawing several pages: only whoever seals does.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

FIELD = "Seal"
_STAMP_SECONDS = 20


class SealUnusable(OSError):
    """The seal's file is missing or damaged, its password is wrong, or its certificate can't sign."""


class Seal(Protocol):
    """A unit's electronic seal (con dấu điện tử), wherever its key lies: in a file, on a token, at a service."""

    def put_on(self, pdf: bytes, *, reason: str) -> bytes:
        """The same PDF with the seal's signature appended; its own bytes stay as they are. Raises SealUnusable."""


@dataclass(frozen=True, slots=True)
class Pkcs12Seal:
    """A seal whose key and certificates lie in a PKCS#12 file.

    `timestamp_url` names an RFC 3161 authority; empty: without a proven time.
    """

    file: Path
    password: str
    timestamp_url: str = ""

    def put_on(self, pdf: bytes, *, reason: str) -> bytes:
        signer = self._signer()
        about = signers.PdfSignatureMetadata(
            field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=reason
        )
        stamper = HTTPTimeStamper(self.timestamp_url, timeout=_STAMP_SECONDS) if self.timestamp_url else None
        signed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer=signer, timestamper=stamper)
        return bytes(signed.getbuffer())

    def _signer(self) -> signers.SimpleSigner:
        try:
            data = self.file.read_bytes()
            signer: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(
                data, other_certs=[], passphrase=self.password.encode() if self.password else None
            )
        except (OSError, ValueError) as fault:
            # The fault's own words may hold what was tried as a password.
            raise SealUnusable(f"the seal can't be used ({type(fault).__name__})") from None
        return signer
