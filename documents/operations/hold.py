"""Holding papers (khóa tài liệu) whose records are on a list, in the archive or at their end: no file comes to them."""

from collections.abc import Collection

from django.utils import timezone

from documents.models import Document


def hold_papers(document_ids: Collection[int]) -> None:
    """From the caller's commit on no version is added to these papers.

    Who is adding one at this moment is waited for, so what is held has all its versions; who comes later is refused.
    """
    _lock(document_ids)
    Document.objects.filter(pk__in=document_ids, held_at__isnull=True).update(held_at=timezone.now())


def free_papers(document_ids: Collection[int]) -> None:
    """Lets files come to these papers again, in the caller's transaction."""
    _lock(document_ids)
    Document.objects.filter(pk__in=document_ids).update(held_at=None)


def _lock(document_ids: Collection[int]) -> None:
    # One by one in order: two who hold papers of the same list never wait for each other.
    list(Document.objects.select_for_update().filter(pk__in=document_ids).order_by("pk").values_list("pk"))
