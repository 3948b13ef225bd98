"""Three dossiers on their way: one straight, one sent back, one with tax. Played by signing in and sending forms."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from portal.demo.papers import scan_of
from portal.demo.visitor import PageSaysNo, Visitor, WebPage

READING_PATIENCE = 180


@dataclass(frozen=True, slots=True)
class Case:
    """What an applicant brings: his facts as the papers have them, the form's fields, and the papers."""

    title: str
    procedure: str
    facts: dict[str, str]
    form: dict[str, str]
    papers: tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What happened to a dossier, for the table at the end."""

    title: str
    code: str = ""
    url: str = ""
    applicant: str = ""
    events: list[str] = field(default_factory=list)
    status: str = ""
    number: str = ""


_LAND = {"commune": "xã Tân Lộc", "address": "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang"}

STRAIGHT = Case(
    title="đi thẳng",
    procedure="P6",
    facts={
        **_LAND,
        "name": "Phùng Thị Ngát",
        "birth_year": "1974",
        "id_number": "099174003312",
        "parcel": "116",
        "sheet": "24",
        "area": "312,5",
        "serial": "DK 248032",
        "register_number": "CH 03288",
        "wish": "cấp đổi Giấy chứng nhận",
        "reason": "Giấy chứng nhận đã cấp bị ố, nhòe",
    },
    form={"reason": "damaged"},
    papers=("application", "certificate"),
)
SENT_BACK = Case(
    title="bị trả lại một lần",
    procedure="P6",
    facts={
        **_LAND,
        "name": "Lục Văn Thạo",
        "birth_year": "1968",
        "id_number": "099068001177",
        "parcel": "77",
        "sheet": "31",
        "area": "208",
        "serial": "BM 310452",
        "register_number": "CH 01175",
        "wish": "cấp đổi Giấy chứng nhận",
        "reason": "đổi sang mẫu Giấy chứng nhận mới",
    },
    form={"reason": "form_changed"},
    papers=("application", "certificate"),
)
WITH_TAX = Case(
    title="có nghĩa vụ tài chính, hai lần hẹn",
    procedure="P2",
    facts={
        **_LAND,
        "name": "Trần Thị Mận",
        "birth_year": "1985",
        "id_number": "099185004417",
        "parcel": "128",
        "sheet": "24",
        "area": "312,5",
        "serial": "DK 248117",
        "register_number": "CH 03321",
        "wish": "chuyển nhượng quyền sử dụng đất",
        "reason": "chuyển nhượng toàn bộ thửa đất",
        "contract_number": "1874/2026",
        "recipient": "Lương Văn Khởi, sinh năm 1979, số định danh 099079001262",
        "price": "640.000.000",
    },
    form={
        "kind_of_transfer": "sale",
        "scope": "whole",
        "contract_number": "1874/2026",
        "contract_date": "12/11/2026",
        "price": "640.000.000",
        "recipients-TOTAL_FORMS": "1",
        "recipients-INITIAL_FORMS": "0",
        "recipients-0-id_number": "099079001262",
        "recipients-0-name": "Lương Văn Khởi",
        "recipients-0-birth_year": "1979",
        "recipients-0-share": "1/1",
    },
    papers=("application", "certificate", "contract", "registration_fee", "income_tax"),
)


class Stage:
    """The officers at their browsers."""

    def __init__(self, server: str, passwords: dict[str, str], say: Callable[[str], None]) -> None:
        self._server, self._passwords, self._say = server, passwords, say
        self._visitors: dict[str, Visitor] = {}

    def officer(self, username: str) -> Visitor:
        """The officer, signed in."""
        if username not in self._visitors:
            visitor = Visitor(self._server)
            visitor.sign_in(username, self._passwords[username])
            self._visitors[username] = visitor
        return self._visitors[username]

    def play(self, case: Case, *, seed: int) -> Told:
        """Takes the case from the counter to the returned result."""
        told = Told(case.title, applicant=case.facts["name"])
        self._say(f"{told.applicant}: {case.title}")
        self._receive(case, told, seed)
        self._step(told, "clerk", "forward")
        if case.procedure == "P2":
            self._step(told, "specialist", "eligible", note="Đủ điều kiện chuyển nhượng, đã trích lục bản đồ.")
            self._step(told, "specialist", "send")
            self._step(told, "specialist", "settled", **_PROOF)
        self._draft(told)
        self._step(told, "specialist", "submit", note="Đã đối chiếu giấy tờ, kính trình Giám đốc.")
        if case is SENT_BACK:
            self._step(told, "head", "return", note="Ghi lại diện tích theo Giấy chứng nhận đã cấp rồi trình lại.")
            self._draft(told)
            self._step(told, "specialist", "submit", note="Đã sửa diện tích, kính trình lại.")
        self._step(told, "head", "approve")
        self._step(told, "specialist", "issue", serial=f"AA {seed:08d}")
        self._step(
            told,
            "clerk",
            "returned",
            receiver_name=case.facts["name"],
            receiver_id=case.facts["id_number"],
            collected="yes",
        )
        self._look_at(told)
        return told

    def _receive(self, case: Case, told: Told, seed: int) -> None:
        clerk = self.officer("clerk")
        start = clerk.open("/tiep-nhan/")
        intake = clerk.send(start.form("/tiep-nhan/moi/"), start, {"procedure": case.procedure})
        for number, paper in enumerate(case.papers):
            scan = scan_of(paper, case.facts, seed=seed * 10 + number)
            clerk.send_alone(f"{intake.path}giay-to/{paper}/quet/", intake, {"file": (scan.file_name, scan.content)})
        self._await_reading(clerk, intake.path, case.papers)
        intake = clerk.open(intake.path)
        branch = _found(r'value="(\d+)"[^>]*>Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc', intake.html)
        dossier = clerk.send(intake.form("/nhan/"), intake, {**_typed(case), "unit": branch})
        told.url = dossier.path
        told.code = _found(r"(H99[.\d]*-\d{6}-\d{4})", dossier.html.replace("<b>", "").replace("</b>", ""))
        told.events.append(f"tiếp nhận với {len(case.papers)} bản quét")
        receipt = clerk.download(f"{dossier.path}giay-hen.pdf")
        self._say(f"  tiếp nhận {told.code}, giấy hẹn {len(receipt) // 1024} KB")

    def _await_reading(self, clerk: Visitor, path: str, papers: Iterable[str]) -> None:
        """Waits as the page does: it asks for each line again until its scan is read."""
        deadline = time.monotonic() + READING_PATIENCE
        for paper in papers:
            while 'hx-trigger="load' in clerk.open(f"{path}giay-to/{paper}/").html:
                if time.monotonic() > deadline:
                    message = f"the scan of {paper} was not read within {READING_PATIENCE} s: is the worker running?"
                    raise PageSaysNo(message)
                time.sleep(0.3)

    def _draft(self, told: Told) -> None:
        specialist = self.officer("specialist")
        page = specialist.open(told.url)
        specialist.send(page.form("/du-thao/certificate/"), page)
        told.events.append("dự thảo Giấy chứng nhận")

    def _step(self, told: Told, who: str, outcome: str, *, note: str = "", **fields: str) -> None:
        officer = self.officer(who)
        page = officer.open(told.url)
        typed = {f"to-{outcome}-{name}": value for name, value in fields.items()}
        after = officer.send(page.form("/hoan-thanh/"), page, {**typed, "note": note, "outcome": outcome})
        told.events.append(_label(page, outcome))
        self._say(f"  {who}: {_label(page, outcome)}")
        told.status = _status(after)

    def _look_at(self, told: Told) -> None:
        page = self.officer("head").open(told.url)
        told.number = _found(r"(VP \d{5})", page.words)
        told.status = _status(page)


_PROOF = {
    "notice_number": "5518/TB-TCS3",
    "proof": "paid",
    "amount": "16.000.000",
    "proven_on": "20/11/2026",
}


def _typed(case: Case) -> dict[str, str]:
    """The intake form as the clerk fills it in."""
    facts = case.facts
    land = {name: facts[name] for name in ("parcel", "sheet", "area", "register_number")}
    form = {**land, "commune": "Tân Lộc", "land_use": "ONT+CLN", "certificate_serial": facts["serial"], **case.form}
    return {
        "kind": "person",
        "id_number": facts["id_number"],
        "name": facts["name"],
        "birth_date": f"14/06/{facts['birth_year']}",
        "phone": "0900 555 018",
        "address": facts["address"],
        **{f"form-{name}": value for name, value in form.items()},
    }


def _label(page: WebPage, outcome: str) -> str:
    """What the button of this outcome says."""
    match = re.search(rf'value="{outcome}"[^>]*>(.*?)</button>', page.html, re.DOTALL)
    if match is None:
        message = f"{page.path} offers no outcome {outcome}"
        raise PageSaysNo(message)
    return " ".join(re.sub(r"<kbd>.*?</kbd>|<[^>]+>", " ", match[1]).split())


def _status(page: WebPage) -> str:
    match = re.search(r'class="badge[^"]*">(.*?)</span>', page.html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", match[1]).split()) if match else ""


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else "–"
