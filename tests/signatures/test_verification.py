"""What signatures of PDFs are worth, said for each as it is."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ocr import Limits
from signatures import Found, Verdict, check_signatures, worst_of
from signatures.trust import load_trust
from signatures.verification import examine
from tests.factories.documents import locked_pdf, pdf, picture
from tests.factories.signatures import (
    AUTHORITY,
    OFFICE,
    Identity,
    added_to,
    authority,
    changed_after_signing,
    signed,
    signed_in_part,
    trust_folder,
)

CA = authority()
SIGNER = Identity.of(OFFICE, CA)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails: a certificate may name any address of revocation lists it likes."""

    def refuse(*_arguments: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def looked_at(tmp_path: Path, content: bytes, *lists: bytes, trusted: Sequence[Identity] = (CA,)) -> list[Found]:
    file = tmp_path / "ky.pdf"
    file.write_bytes(content)
    found = list(examine(file, load_trust(trust_folder(tmp_path / "trust", trusted, *lists))))
    assert file.read_bytes() == content
    return found


def verdict_of(tmp_path: Path, content: bytes, *lists: bytes, trusted: Sequence[Identity] = (CA,)) -> Verdict | None:
    return worst_of(found.verdict for found in looked_at(tmp_path, content, *lists, trusted=trusted))


def test_a_signature_over_all_by_a_trusted_signer_is_valid_and_says_who_and_when(tmp_path: Path) -> None:
    (found,) = looked_at(tmp_path, signed(SIGNER))
    assert found.verdict == Verdict.VALID
    assert (found.signer, found.issuer) == (OFFICE, AUTHORITY)
    assert found.signed_at is not None
    assert not found.is_time_proven
    assert found.serial_number == f"{SIGNER.certificate.serial_number:X}"
    assert Found.from_json(found.as_json()) == found


def test_an_issuer_between_the_trusted_and_the_signer_is_followed(tmp_path: Path) -> None:
    between = Identity.of("Chi nhánh chứng thực", CA, is_authority=True)
    assert verdict_of(tmp_path, signed(Identity.of(OFFICE, between))) == Verdict.VALID


def test_a_document_changed_after_signing_is_said_to_be_changed(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, changed_after_signing(signed(SIGNER))) == Verdict.CHANGED


def test_what_was_appended_after_signing_is_said_to_be_added(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, added_to(signed(SIGNER))) == Verdict.EXTENDED


def test_a_signature_over_part_of_the_file_is_said_to_cover_a_part(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, signed_in_part(SIGNER)) == Verdict.PARTIAL


def test_who_vouches_for_himself_is_a_stranger(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, signed(Identity.of(OFFICE))) == Verdict.STRANGER


def test_a_stranger_who_calls_himself_the_authority_stays_one(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, signed(Identity.of(OFFICE, authority()))) == Verdict.STRANGER


def test_nobody_is_trusted_unless_named(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, signed(SIGNER), trusted=()) == Verdict.STRANGER


def test_a_certificate_out_of_term_proves_no_time(tmp_path: Path) -> None:
    late = Identity.of(OFFICE, CA, days=(-20, -10))
    assert verdict_of(tmp_path, signed(late)) == Verdict.EXPIRED


def test_a_timestamp_of_a_trusted_authority_proves_when_it_was_signed(tmp_path: Path) -> None:
    clock = Identity.of("Cơ quan cấp dấu thời gian", CA, is_clock=True)
    (found,) = looked_at(tmp_path, signed(SIGNER, stamped_by=clock))
    assert (found.verdict, found.is_time_proven) == (Verdict.VALID, True)
    (tmp_path / "other").mkdir()
    of_nobody = Identity.of("Đồng hồ lạ", is_clock=True)
    (found,) = looked_at(tmp_path / "other", signed(SIGNER, stamped_by=of_nobody))
    assert (found.verdict, found.is_time_proven) == (Verdict.VALID, False)


def test_a_revoked_certificate_is_said_to_be_revoked(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, signed(SIGNER), CA.revocation_list(SIGNER)) == Verdict.REVOKED
    assert verdict_of(tmp_path, signed(SIGNER), CA.revocation_list(Identity.of("khác", CA))) == Verdict.VALID


def test_an_old_list_still_revokes_and_a_strangers_list_does_not(tmp_path: Path) -> None:
    assert verdict_of(tmp_path, signed(SIGNER), CA.revocation_list(SIGNER, days=(-90, -60))) == Verdict.REVOKED
    (tmp_path / "other").mkdir()
    assert verdict_of(tmp_path / "other", signed(SIGNER), authority().revocation_list(SIGNER)) == Verdict.VALID


def test_a_second_signature_does_not_spoil_the_first(tmp_path: Path) -> None:
    both = signed(Identity.of("Lãnh đạo", CA), signed(SIGNER), field="Lanh-dao")
    assert [found.verdict for found in looked_at(tmp_path, both)] == [Verdict.VALID, Verdict.VALID]


def test_a_damaged_signature_is_said_to_be_damaged(tmp_path: Path) -> None:
    content = signed(SIGNER)
    at = content.index(b"/Contents <") + len(b"/Contents <")
    assert verdict_of(tmp_path, content[:at] + b"00" * 40 + content[at + 80 :]) == Verdict.BROKEN


def test_names_of_strangers_come_in_tidy(tmp_path: Path) -> None:
    (found,) = looked_at(tmp_path, signed(Identity.of("Ông\u202e A\x00\r\nB")))
    assert found.signer == "Ông A B"


# As others ask ----------------------------------------------------------------------------------------


def asked(tmp_path: Path, content: bytes, *, limits: Limits | None = None) -> tuple[list[Verdict], bool]:
    file = tmp_path / "tep"
    file.write_bytes(content)
    checked = check_signatures(file, trust=trust_folder(tmp_path / "trust", [CA]), limits=limits)
    return [found.verdict for found in checked.signatures], checked.is_whole


def test_a_file_is_looked_at_in_a_process_of_its_own(tmp_path: Path) -> None:
    assert asked(tmp_path, signed(SIGNER)) == ([Verdict.VALID], True)


@pytest.mark.parametrize("content", [pdf(), picture(), b"%PDF-1.4"])
def test_what_bears_none_starts_no_process(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signatures.service.ask", None)
    assert asked(tmp_path, content) == ([], True)


def test_attack_07_a_locked_file_with_a_signature_is_not_called_unsigned(tmp_path: Path) -> None:
    assert asked(tmp_path, locked_pdf() + b"\n%/Byte#52ange\n%%EOF") == ([], False)


def test_attack_57_a_reader_of_signatures_that_dies_leaves_them_unchecked(tmp_path: Path) -> None:
    assert asked(tmp_path, signed(SIGNER), limits=Limits(seconds=0.01)) == ([], False)


def test_a_folder_of_trust_that_is_not_there_leaves_them_unchecked(tmp_path: Path) -> None:
    file = tmp_path / "ky.pdf"
    file.write_bytes(signed(SIGNER))
    assert not check_signatures(file, trust=tmp_path / "khong-co").is_whole
