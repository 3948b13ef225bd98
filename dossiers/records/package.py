"""The package of a transfer: a BagIt bag (RFC 8493) in a ZIP, the same bytes however often it is built.

    bagit.txt, bag-info.txt          what this is, whose, how much
    manifest-sha256.txt              the SHA-256 of each original file
    muc-luc.csv, muc-luc.xml         the list: a line for each file of each dossier
    tagmanifest-sha256.txt           the SHA-256 of the above
    data/<dossier>/<document>-v<n>…  the original bytes, signatures and seals untouched

The form TT 13/2023/TT-BNV asks for is not known here [?]; whatever it asks can be made from these.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree as ET  # nosec B405 written, never read
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.db.models import QuerySet
from django.utils.timezone import localtime

from documents.models import Document, DocumentVersion
from documents.vault import BlobMissing, open_blob
from dossiers.records.checking import documents_of, versions_to_keep
from dossiers.records.selectors import lines_of
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.records_states import FileState
from pages.csv_files import csv_of

# ZIP knows no time zone; a moment of building would make other bytes of the same list.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1024 * 1024
# Keys of versions, by the key of the line they are packed for.
Packed = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the index: a file of a paper of a dossier. Dates are ISO; what is not known is empty."""

    so_thu_tu: int
    ma_ho_so: str
    thu_tuc: str
    nguoi_nop: str
    ngay_tiep_nhan: str
    ngay_ket_thuc: str
    thoi_han_bao_quan: str
    bao_quan_den: str
    loai_tai_lieu: str
    ten_tai_lieu: str
    so_van_ban: str
    ngay_van_ban: str
    phien_ban: int
    hien_hanh: str
    chu_ky_so: str
    kich_thuoc: int
    sha256: str
    duong_dan: str


def write_package(found: RecordsList, target: IO[bytes]) -> Packed:
    """Writes the package of what stands on an approved list and wasn't disposed of; what went in, by line.

    Raises BlobMissing when the vault holds other bytes than a row says.
    """
    rows: list[Row] = []
    packed: Packed = {}
    for line in lines_to_pack(found):
        papers = list(files_of(line))
        packed[line.pk] = [version.pk for _document, version in papers]
        rows += [_row(line, document, version) for document, version in papers]
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _info(found, rows),
        "manifest-sha256.txt": "".join(f"{row.sha256}  {row.duong_dan}\n" for row in rows).encode(),
        "muc-luc.csv": as_csv(rows),
        "muc-luc.xml": as_xml(found, rows),
    }
    manifest = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in tags.items())
    tags["tagmanifest-sha256.txt"] = manifest.encode()
    top = name_of(found)
    with ZipFile(target, "w", ZIP_STORED) as bag:
        for name, content in tags.items():
            bag.writestr(_entry(f"{top}/{name}", len(content)), content)
        for row in rows:
            _add_bytes(bag, f"{top}/{row.duong_dan}", row)
    return packed


def lines_to_pack(found: RecordsList) -> QuerySet[RecordsLine]:
    return lines_of(found).exclude(file__state=FileState.DISPOSED).order_by("position")


def files_of(line: RecordsLine) -> Iterator[tuple[Document, DocumentVersion]]:
    """What goes into a package of the records on a line, in order."""
    for document in documents_of(line.file.dossier):
        for version in versions_to_keep(document):
            yield document, version


def name_of(found: RecordsList) -> str:
    return f"ho-so-nop-luu-{found.unit.code}-{found.year}-{found.pk}"


def _row(line: RecordsLine, document: Document, version: DocumentVersion) -> Row:
    file, dossier = line.file, line.file.dossier
    received = localtime(dossier.received_at).date().isoformat() if dossier.received_at else ""
    suffix = PurePosixPath(version.file_name).suffix.lower()
    ending = suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ""
    return Row(
        so_thu_tu=line.position,
        ma_ho_so=dossier.code or "",
        thu_tuc=dossier.version.procedure.name,
        nguoi_nop=dossier.applicant_name,
        ngay_tiep_nhan=received,
        ngay_ket_thuc=file.closed_on.isoformat(),
        thoi_han_bao_quan=file.retention.name if file.retention else "Vĩnh viễn",
        bao_quan_den=file.keep_until.isoformat() if file.keep_until else "",
        loai_tai_lieu=document.document_type.name,
        ten_tai_lieu=document.title,
        so_van_ban=document.number,
        ngay_van_ban=document.issued_on.isoformat() if document.issued_on else "",
        phien_ban=version.number,
        hien_hanh="x" if version.pk == document.current_id else "",
        chu_ky_so=version.signing,
        kich_thuoc=version.blob.size,
        sha256=version.blob_id,
        duong_dan=f"data/{dossier.code}/{document.pk:09d}-v{version.number:03d}{ending}",
    )


def _info(found: RecordsList, rows: list[Row]) -> bytes:
    approved = localtime(found.approved_at).date().isoformat() if found.approved_at else ""
    told = {
        "Source-Organization": found.unit.name,
        "External-Identifier": name_of(found),
        "Bagging-Date": approved,
        "Payload-Oxum": f"{sum(row.kich_thuoc for row in rows)}.{len(rows)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in told.items()).encode()


def as_csv(rows: list[Row]) -> bytes:
    names = [field.name for field in fields(Row)]
    return csv_of(names, ([getattr(row, name) for name in names] for row in rows))


def as_xml(found: RecordsList, rows: list[Row]) -> bytes:
    top = ET.Element("muc_luc", don_vi=found.unit.name, ma_don_vi=found.unit.code, nam=str(found.year))
    for row in rows:
        one = ET.SubElement(top, "tep")
        for field in fields(Row):
            ET.SubElement(one, field.name).text = _sound(str(getattr(row, field.name)))
    ET.indent(top)
    return bytes(ET.tostring(top, encoding="utf-8", xml_declaration=True)) + b"\n"


def _sound(text: str) -> str:
    """Without what no XML may hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _entry(name: str, size: int) -> ZipInfo:
    entry = ZipInfo(name, _MOMENT)
    entry.compress_type, entry.create_system, entry.file_size = ZIP_STORED, 3, size
    entry.external_attr = 0o644 << 16
    return entry


def _add_bytes(bag: ZipFile, name: str, row: Row) -> None:
    """Copies the original bytes, and holds them against their hash while they pass."""
    digest = hashlib.sha256()
    with open_blob(row.sha256) as source, bag.open(_entry(name, row.kich_thuoc), "w") as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            target.write(block)
    if digest.hexdigest() != row.sha256:
        raise BlobMissing(row.sha256)
