"""What is brought over the web: bounded before it is read, and whole or refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from pages.web import answer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# What a form holds beside its file.
ROOM_FOR_FIELDS = 1024 * 1024


class BodySizeMiddleware:
    """Answers 413 to a request that says it is larger than anything taken here; nothing of it is read or kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.UPLOAD_MAX_BYTES + ROOM_FOR_FIELDS:
            return self._get_response(request)
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        words = _("What was sent is larger than %(most)s and was not taken. Split the file or scan it smaller.")
        context = {"message": words % {"most": most}, "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
        pages = "pages/domain_error.html", "pages/domain_error_part.html"
        return answer(request, *pages, context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class WholeUploadHandler(TemporaryFileUploadHandler):
    """Files wait on the disk. A body that ends before the length it announced is refused (400), never half kept."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._announced, self._came = content_length, 0
        read = input_data.read

        def counted(*args: Any, **kwargs: Any) -> bytes:
            chunk: bytes = read(*args, **kwargs)
            self._came += len(chunk)
            return chunk

        input_data.read = counted

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        with self._taken_away_on_failure():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        with self._taken_away_on_failure():
            return super().file_complete(file_size)

    @contextmanager
    def _taken_away_on_failure(self) -> Iterator[None]:
        """What did not fit must not go on taking room: Django would leave it to the garbage collector."""
        try:
            yield
        except OSError:
            # Closed, a temporary file is gone. Closing writes what is left once more and fails once more.
            with suppress(OSError):
                self.file.close()
            raise

    def upload_complete(self) -> None:
        if self._came < self._announced:
            message = f"the upload broke off after {self._came} of {self._announced} bytes"
            raise MultiPartParserError(message)
