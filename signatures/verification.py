"""Each signature of a PDF looked at, without any network: what it covers, whether it holds, who vouches for it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from signatures.findings import Found, Verdict
from signatures.trust import Trust

# Certificates of Vietnamese authorities bear either; one of them is enough to sign.
_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_LONGEST_CHAIN = 8
_LONGEST_NAME = 200
_MOMENT = timedelta(seconds=1)
# What hostile bytes make the parsers raise; nothing of ours may be learned from it but that it can't be checked.
_UNCHECKABLE = (
    PdfError, CMSExtractionError, SignatureValidationError, UnsupportedAlgorithm, InvalidSignature,
    ValueError, TypeError, LookupError, AttributeError, NotImplementedError, OverflowError, RecursionError,
)  # fmt: skip


def examine(path: Path, trust: Trust) -> Iterator[Found]:
    """The signatures in the order of the file; one that is damaged where not even their number can be told."""
    with path.open("rb") as file:
        try:
            reader = PdfFileReader(file)
            if reader.encrypted:
                reader.decrypt(b"")
            embedded = reader.embedded_regular_signatures
        except _UNCHECKABLE:
            yield Found(Verdict.BROKEN)
            return
        for index, signature in enumerate(embedded):
            try:
                yield _judged(signature, trust, is_last=index == len(embedded) - 1)
            except _UNCHECKABLE:
                yield Found(Verdict.BROKEN)


def _judged(signature: EmbeddedPdfSignature, trust: Trust, *, is_last: bool) -> Found:
    now = datetime.now(UTC)
    status = _status(signature, trust, now)
    stamp = status.timestamp_validity
    is_proven = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    signed_at = stamp.timestamp if stamp is not None and is_proven else status.signer_reported_dt
    signer = _certificate(signature.signer_cert)
    proven_at = signed_at if is_proven else None
    verdict = _flaw_of_cover(status, is_last=is_last) or _flaw_of_signer(signature, status, trust, proven_at)
    return Found(
        verdict or Verdict.VALID,
        signer=_name(signature.signer_cert.subject.native),
        issuer=_name(signature.signer_cert.issuer.native),
        serial_number=f"{signer.serial_number:X}"[:80],
        signed_at=signed_at,
        is_time_proven=is_proven,
        valid_until=signer.not_valid_after_utc,
    )


def _status(signature: EmbeddedPdfSignature, trust: Trust, moment: datetime) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=list(trust.roots), allow_fetching=False, moment=moment, best_signature_time=moment
    )
    return validate_pdf_signature(signature, context, ts_validation_context=context, key_usage_settings=_SIGNING)


# What is covered --------------------------------------------------------------------------------------


def _flaw_of_cover(status: PdfSignatureStatus, *, is_last: bool) -> Verdict | None:
    if not status.intact or not status.valid:
        return Verdict.CHANGED
    if status.coverage in (SignatureCoverageLevel.UNCLEAR, SignatureCoverageLevel.CONTIGUOUS_BLOCK_FROM_START):
        return Verdict.PARTIAL
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return None
    level = status.modification_level
    # Another signature after this one is added as a form is filled in; what comes after the last one is no signature.
    most = ModificationLevel.LTA_UPDATES if is_last else ModificationLevel.FORM_FILLING
    is_harmless = level is not None and level <= most and status.docmdp_ok
    return None if is_harmless else Verdict.EXTENDED


# Who signed -------------------------------------------------------------------------------------------


def _flaw_of_signer(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, trust: Trust, proven_at: datetime | None
) -> Verdict | None:
    signer = _certificate(signature.signer_cert)
    pool = [_certificate(each) for each in (*trust.roots, *signature.other_embedded_certs)]
    if status.revoked or _is_revoked(signer, pool, trust.lists, proven_at):
        return Verdict.REVOKED
    if status.trusted:
        return None
    if proven_at and _status(signature, trust, proven_at).trusted:
        return None
    is_in_term = signer.not_valid_before_utc <= datetime.now(UTC) <= signer.not_valid_after_utc
    was_trusted = not is_in_term and _status(signature, trust, signer.not_valid_after_utc - _MOMENT).trusted
    return Verdict.EXPIRED if was_trusted else Verdict.STRANGER


def _is_revoked(
    signer: x509.Certificate,
    pool: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    proven_at: datetime | None,
) -> bool:
    """Whether a list of its issuer names the certificate or one above it, however old the list: none is taken back.

    What was provably signed before stays good.
    """
    certificate: x509.Certificate | None = signer
    for _link in range(_LONGEST_CHAIN):
        issuer = _issuer_of(certificate, pool) if certificate else None
        if certificate is None or issuer is None:
            return False
        for row in _rows(certificate, issuer, lists):
            if proven_at is None or row.revocation_date_utc <= proven_at:
                return True
        certificate = issuer if issuer != certificate else None
    return False


def _rows(
    certificate: x509.Certificate, issuer: x509.Certificate, lists: Iterable[x509.CertificateRevocationList]
) -> Iterator[x509.RevokedCertificate]:
    for each in lists:
        is_its_own = each.issuer == issuer.subject and each.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # a key that can't sign raises
        row = each.get_revoked_certificate_by_serial_number(certificate.serial_number) if is_its_own else None
        if row is not None:
            yield row


def _issuer_of(certificate: x509.Certificate, pool: Sequence[x509.Certificate]) -> x509.Certificate | None:
    for each in pool:
        with suppress(ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            certificate.verify_directly_issued_by(each)
            return each
    return None


def _certificate(certificate: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def _name(subject: dict[str, Any]) -> str:
    """A person's or unit's name with its organisation, as people read it; tidy, whatever a stranger wrote there."""
    parts = [subject.get(key) for key in ("common_name", "organization_name")]
    words = [each if isinstance(each, str) else ", ".join(map(str, each)) for each in parts if each]
    plain = unicodedata.normalize("NFC", ", ".join(dict.fromkeys(words)))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())[:_LONGEST_NAME]
