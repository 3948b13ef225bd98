"""Writing an edition: begun from a published one or a file, changed, published once, or dropped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.acting import Acting
from accounts.sight import NotVisible
from audit.models import AuditEvent
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.office import EDITIONS, Office, open_office
from workflow.models import EditionDraft, ProcedureVersion
from workflow.procedures.operations.draft import (
    begin_draft,
    bring_draft,
    change_draft,
    drop_draft,
    publish_draft,
    remarks_of,
    rewrite_draft,
)
from workflow.procedures.selectors import drafts_for, version_in_force

pytestmark = pytest.mark.django_db
TEXT = (EDITIONS / "P6-2025.toml").read_text("utf-8")


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


@pytest.fixture
def acting(office: Office) -> Acting:
    return office.acting(office.administrator)


@pytest.fixture
def begun(acting: Acting) -> EditionDraft:
    """A draft of renewal, from the edition in force."""
    version = version_in_force("P6")
    assert version is not None
    return begin_draft(version_id=version.pk, acting=acting)


def verbs() -> list[str]:
    events = AuditEvent.objects.filter(stream="procedure:P6", verb__startswith="procedure.draft").order_by("id")
    return list(events.values_list("verb", flat=True))


def test_a_draft_says_what_the_edition_says_from_tomorrow_under_a_free_code(begun: EditionDraft) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    old, new = version_in_force("P6"), begun.edition
    assert old is not None
    assert (new.code, new.effective_from, new.effective_to) == (str(tomorrow.year), tomorrow, None)
    assert replace(new, code=old.code, effective_from=old.effective_from) == old.edition
    assert remarks_of(begun.source) == remarks_of(old.source) != ()


def test_a_code_that_is_taken_gets_a_number(begun: EditionDraft, acting: Acting) -> None:
    version = version_in_force("P6")
    assert version is not None
    assert begin_draft(version_id=version.pk, acting=acting).code == f"{begun.code}-2"


def test_a_draft_has_no_effect_until_it_is_published(begun: EditionDraft) -> None:
    found = version_in_force("P6", timezone.localdate() + timedelta(days=30))
    assert found is not None
    assert found.code == "2025"


def test_a_published_draft_is_in_force_from_its_date_and_no_draft_any_more(begun: EditionDraft, acting: Acting) -> None:
    version = publish_draft(draft_id=begun.pk, revision=1, acting=acting)
    assert (version.source, version.status) == (begun.source, ProcedureVersion.Status.PUBLISHED)
    assert version_in_force("P6", begun.edition.effective_from) == version
    assert version_in_force("P6") != version
    assert not EditionDraft.objects.exists()
    event = AuditEvent.objects.filter(verb="procedure.published").latest("id")
    assert event.officer_id == acting.officer_id


def test_a_draft_with_a_fault_is_not_published_and_stays(begun: EditionDraft, acting: Acting) -> None:
    text = begun.source.replace('role = "head"', 'role = "admiral"', 1)
    draft = rewrite_draft(draft_id=begun.pk, revision=1, text=text, acting=acting)
    with pytest.raises(Invalid) as caught:
        publish_draft(draft_id=draft.pk, revision=2, acting=acting)
    assert list(caught.value.fields) == ["steps.sign: unknown role admiral"]
    assert EditionDraft.objects.get().source == text


def test_a_draft_under_a_published_code_is_not_published(begun: EditionDraft, acting: Acting) -> None:
    edition = replace(begun.edition, code="2025")
    draft = change_draft(draft_id=begun.pk, revision=1, edition=edition, acting=acting)
    with pytest.raises(Invalid, match="another text"):
        publish_draft(draft_id=draft.pk, revision=draft.revision, acting=acting)
    assert ProcedureVersion.objects.filter(procedure="P6", code="2025").count() == 1


def test_the_very_text_that_is_published_is_no_new_edition(acting: Acting) -> None:
    draft = bring_draft(text=TEXT, acting=acting)
    with pytest.raises(Conflict):
        publish_draft(draft_id=draft.pk, revision=1, acting=acting)


def test_a_changed_draft_keeps_its_remarks_and_counts_its_changes(begun: EditionDraft, acting: Acting) -> None:
    edition = replace(begun.edition, short_name="Cấp đổi")
    draft = change_draft(draft_id=begun.pk, revision=1, edition=edition, acting=acting)
    assert (draft.edition, draft.revision) == (edition, 2)
    assert remarks_of(draft.source) == remarks_of(TEXT)


def test_saving_what_is_there_already_changes_nothing(begun: EditionDraft, acting: Acting) -> None:
    assert change_draft(draft_id=begun.pk, revision=1, edition=begun.edition, acting=acting).revision == 1
    assert verbs() == ["procedure.draft_begun"]


@pytest.mark.parametrize("work", ["change", "rewrite", "drop", "publish"])
def test_attack_44_who_was_second_is_told_and_changes_nothing(work: str, begun: EditionDraft, acting: Acting) -> None:
    rewrite_draft(draft_id=begun.pk, revision=1, text=f"# Một\n{begun.source}", acting=acting)
    late: dict[str, Any] = {"draft_id": begun.pk, "revision": 1, "acting": acting}
    works: dict[str, Callable[[], object]] = {
        "change": lambda: change_draft(**late, edition=replace(begun.edition, name="Khác")),
        "rewrite": lambda: rewrite_draft(**late, text=begun.source),
        "drop": lambda: drop_draft(**late),
        "publish": lambda: publish_draft(**late),
    }
    with pytest.raises(Conflict, match=acting.officer_name):
        works[work]()
    assert EditionDraft.objects.get().source.startswith("# Một\n")


def test_a_draft_is_dropped(begun: EditionDraft, acting: Acting) -> None:
    drop_draft(draft_id=begun.pk, revision=1, acting=acting)
    assert not EditionDraft.objects.exists()
    assert verbs() == ["procedure.draft_begun", "procedure.draft_dropped"]


@pytest.mark.parametrize(
    "text",
    ["", "procedure", "procedure = 1", 'procedure = "P6"\nmoon = 1', "\x00", TEXT.replace('"P6"', f'"{"P" * 21}"', 1)],
)
def test_attack_81_a_text_that_is_no_edition_is_refused_and_the_draft_stays(
    text: str, begun: EditionDraft, acting: Acting
) -> None:
    with pytest.raises(Invalid):
        bring_draft(text=text, acting=acting)
    with pytest.raises(Invalid):
        rewrite_draft(draft_id=begun.pk, revision=1, text=text, acting=acting)
    assert [draft.source for draft in EditionDraft.objects.all()] == [begun.source]


def test_attack_81_a_text_without_an_end_is_not_read(acting: Acting) -> None:
    with pytest.raises(Invalid):
        bring_draft(text=f"{TEXT}\n# {'x' * 1_000_000}", acting=acting)


def test_only_an_administrator_writes_editions(office: Office, begun: EditionDraft) -> None:
    version = version_in_force("P6")
    assert version is not None
    for officer in (office.clerk, office.head, office.look_up):
        acting = office.acting(officer)
        with pytest.raises(Refused):
            begin_draft(version_id=version.pk, acting=acting)
        with pytest.raises(Refused):
            bring_draft(text=TEXT, acting=acting)
        with pytest.raises(Refused):
            publish_draft(draft_id=begun.pk, revision=1, acting=acting)
        with pytest.raises(Refused):
            drop_draft(draft_id=begun.pk, revision=1, acting=acting)
        assert list(drafts_for(acting)) == []
    assert EditionDraft.objects.count() == 1


def test_what_is_not_there_is_not_found(acting: Acting, office: Office) -> None:
    with pytest.raises(NotVisible):
        publish_draft(draft_id=987_654, revision=1, acting=acting)
    with pytest.raises(NotVisible):
        begin_draft(version_id=987_654, acting=acting)
