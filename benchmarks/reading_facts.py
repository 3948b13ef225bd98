"""What is read from papers: fields right by field and kind, kinds of papers told apart, sureness beside the truth.

A paper of every kind is printed from a seed no rule and no model was fitted on, scanned once well (300 or 200 dpi) and
once badly (150 dpi, grainy, crooked, shaded), and recognised, which takes a quarter of an hour. READING_CACHE names
a folder that keeps what was recognised. LEGAL_TEXTS adds real texts.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks.reading_page import READING
from benchmarks.rows import Row, row
from ocr.fields import extract_fields, read_fields
from ocr.head import read_head
from ocr.pages import PageImage
from ocr.paper_types import recognise_type
from ocr.recognition import recognise
from ocr.secrecy import find_secrecy
from portal.demo.scanner import Marking, damage, rasterise
from tests.scans.generator import Sample, own_samples, samples
from tests.scans.judging import Verdict, judge
from tests.scans.kinds import kinds, paper_of
from tests.scans.printing import print_paper
from tests.scans.recognised import Recognised, recognised

OWN_PAGE = READING
SEED = 3001
SURE = 0.9
# Least share right on good pages and on poor ones.
GOALS = {
    "number": (0.98, 0.92),
    "document_type": (0.98, 0.92),
    "issued_on": (0.98, 0.92),
    "issuer": (0.98, 0.92),
    "subject": (0.95, 0.92),
    "parcel": (0.97, 0.92),
    "sheet": (0.97, 0.92),
    "area": (0.97, 0.92),
    "serial": (0.97, 0.92),
}
GOAL_OF_TYPES = 0.97
GOAL_OF_SURE = 0.97
MOST_CALIBRATION_ERROR = 0.05
TYPES_OF_TEXTS = {
    "Thông tư": "thong_tu",
    "Nghị định": "nghi_dinh",
    "Nghị quyết": "nghi_quyet",
    "Quyết định": "quyet_dinh",
    "Thông tư liên tịch": "thong_tu_lien_tich",
    "Văn bản hợp nhất": "van_ban_hop_nhat",
}
STAMPED = ("quyet_dinh_thu_hoi_dat", "cong_van", "bao_cao", "ke_hoach")
MARKINGS = {"MẬT": "mat", "TỐI MẬT": "toi_mat", "TUYỆT MẬT": "tuyet_mat"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper as read, and a verdict for each of its fields."""

    paper: Recognised
    verdicts: Sequence[Verdict]
    code: str | None

    @property
    def is_poor(self) -> bool:
        return self.paper.grade.endswith("p")


def run() -> list[Row]:
    judged = [_judged(paper) for paper in _papers()]
    verdicts = [verdict for one in judged for verdict in one.verdicts]
    return [
        *_by_field(judged),
        *_by_kind(judged),
        *_types(judged),
        *_of_real_texts(),
        *_calibration(verdicts),
        *_markings(judged),
    ]


def _papers() -> list[Recognised]:
    cache = Path(os.environ["READING_CACHE"]) if "READING_CACHE" in os.environ else None
    wanted = [(kind, grade) for at, kind in enumerate(kinds()) for grade in (("300", "200")[at % 2], "150p")]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        return list(workers.map(lambda one: recognised(one[0], SEED, one[1], cache), wanted))


def _judged(paper: Recognised) -> Judged:
    fields = read_fields(paper.pages)
    code = recognise_type(paper.pages[0].text, fields.document_type).code
    return Judged(paper, list(judge(paper.told, fields.extracted, paper.text)), code)


def _by_field(judged: Sequence[Judged]) -> Iterator[Row]:
    for is_poor in (False, True):
        asked: dict[str, list[bool]] = defaultdict(list)
        for one in judged:
            for verdict in one.verdicts:
                if verdict.wanted is not None and one.is_poor == is_poor:
                    asked[verdict.name].append(verdict.is_right)
        scan = "poor scans of 150 dpi" if is_poor else "scans of 300 and 200 dpi"
        for name, right in sorted(asked.items()):
            goal = GOALS.get(name, (None, None))[is_poor]
            yield _share_row(f"{name} right, {scan} ({len(right)})", right, goal)


def _by_kind(judged: Sequence[Judged]) -> Iterator[Row]:
    asked: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        asked[one.paper.kind] += [verdict.is_right for verdict in one.verdicts if verdict.wanted is not None]
    for kind, right in sorted(asked.items()):
        yield _share_row(f"fields right of {kind} ({len(right)})", right, None)


def _types(judged: Sequence[Judged]) -> Iterator[Row]:
    for is_poor in (False, True):
        right = [one.code == one.paper.kind for one in judged if one.is_poor == is_poor]
        scan = "poor scans" if is_poor else "good scans"
        yield _share_row(f"kind of paper right among {len(kinds())}, {scan} ({len(right)})", right, GOAL_OF_TYPES)


def _of_real_texts() -> Iterator[Row]:
    """The project's own samples, and published texts whose head states what their record says."""
    own = own_samples()
    right = [_field_of(one) == (one.number, one.document_type, one.issued_on) for one in own]
    yield _share_row(f"number, type and date right, the project's samples ({len(own)})", right, None)
    if "LEGAL_TEXTS" not in os.environ:
        return
    found = samples(10_000)
    for at, name in enumerate(("number", "type", "date")):
        right = [_field_of(one)[at] == (one.number, one.document_type, one.issued_on)[at] for one in found]
        yield _share_row(f"{name} right, published texts ({len(found)})", right, None)
    said = [
        (recognise_type(one.text[:4000], read_head(one.text[:4000]).document_type), TYPES_OF_TEXTS[one.document_type])
        for one in found
        if one.document_type in TYPES_OF_TEXTS
    ]
    right = [paper_type.code == code for paper_type, code in said]
    yield _share_row(f"kind of paper right, published texts ({len(said)})", right, GOAL_OF_TYPES)
    wrong = [paper_type.code not in (None, code) for paper_type, code in said]
    yield _share_row(f"kind of paper wrong, published texts ({len(said)})", wrong, None)


def _field_of(sample: Sample) -> tuple[object, object, object]:
    fields = extract_fields([sample.text[:6000]])
    return fields.number, fields.document_type, fields.issued_on


def _calibration(verdicts: Iterable[Verdict]) -> Iterator[Row]:
    said = [(one.confidence, one.is_right) for one in verdicts if one.confidence is not None]
    sure = [is_right for confidence, is_right in said if confidence >= SURE]
    unsure = [is_right for confidence, is_right in said if confidence < SURE]
    yield _share_row(f"right of what is said with {SURE} or more ({len(sure)})", sure, GOAL_OF_SURE)
    yield _share_row(f"right of what is said with less ({len(unsure)})", unsure, None)
    error = _calibration_error(said)
    yield row(
        f"reading_facts: expected calibration error ({len(said)} values)",
        100 * error,
        "%",
        goal=f"at most {100 * MOST_CALIBRATION_ERROR:g} %",
        holds=error <= MOST_CALIBRATION_ERROR,
    )


def _calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """The mean distance, over ten bins of sureness, between how sure and how often right."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, is_right in said:
        bins[min(9, int(confidence * 10))].append((confidence, is_right))
    distances = (
        abs(sum(confidence for confidence, _ in one) - sum(is_right for _, is_right in one)) for one in bins.values()
    )
    return sum(distances) / max(len(said), 1)


def _markings(judged: Sequence[Judged]) -> Iterator[Row]:
    """Stamps of secrecy on worn pages, crooked and grainy, and pages without one that seem to bear one."""
    found = []
    for at, kind in enumerate(STAMPED):
        for words, degree in MARKINGS.items():
            page = rasterise(print_paper(paper_of(kind, SEED)), dpi=150)[0]
            stamped = damage(
                page, dpi=150, marking=Marking(words, left=0.3, top=0.17), skew=at - 1.5, noise=8, specks=600, seed=at
            )
            picture = Image.fromarray(stamped)
            read = recognise(PageImage(picture, 150, picture.width * 0.48, picture.height * 0.48), seconds=120)
            found.append(find_secrecy([read.text]) == degree)
    yield _share_row(f"stamps of secrecy known, 150 dpi and crooked ({len(found)})", found, 0.95)
    alarms = [find_secrecy([page.text for page in one.paper.pages]) is not None for one in judged]
    yield row(
        f"reading_facts: false alarms of secrecy on {len(alarms)} papers",
        sum(alarms),
        "papers",
        goal="none",
        holds=not any(alarms),
    )


def _share_row(name: str, right: Sequence[bool], goal: float | None) -> Row:
    share = sum(right) / max(len(right), 1)
    return row(
        f"reading_facts: {name}",
        100 * share,
        "%",
        goal="" if goal is None else f"at least {100 * goal:g} %",
        holds=None if goal is None else share >= goal,
    )
