from django.urls import path

from documents.views import batches
from documents.views.changes import document_copy_asked, document_reread, document_version_added
from documents.views.files import document_copy, document_original, document_page_picture, document_text
from documents.views.legal import legal_document
from documents.views.register import register, register_cancel, register_enter, register_entry, register_reserve
from documents.views.viewer import document, document_copy_progress, document_progress

urlpatterns = [
    path("tai-lieu/<int:document_id>/", document, name="document"),
    path("tai-lieu/<int:document_id>/tien-do/", document_progress, name="document_progress"),
    path(
        "tai-lieu/<int:document_id>/trang/<int:number>-<int:width>.jpg",
        document_page_picture,
        name="document_page_picture",
    ),
    path("tai-lieu/<int:document_id>/van-ban/", document_text, name="document_text"),
    path("tai-lieu/<int:document_id>/tep-goc/", document_original, name="document_original"),
    path("tai-lieu/<int:document_id>/ban-tim-duoc/", document_copy, name="document_copy"),
    path("tai-lieu/<int:document_id>/ban-tim-duoc/lap/", document_copy_asked, name="document_copy_asked"),
    path("tai-lieu/<int:document_id>/ban-tim-duoc/tien-do/", document_copy_progress, name="document_copy_progress"),
    path("tai-lieu/<int:document_id>/doc-lai/", document_reread, name="document_reread"),
    path("tai-lieu/<int:document_id>/phien-ban/", document_version_added, name="document_version_added"),
    path("so-hoa/", batches.batches, name="batches"),
    path("so-hoa/mo/", batches.batch_open, name="batch_open"),
    path("so-hoa/<int:batch_id>/", batches.batch, name="batch"),
    path("so-hoa/<int:batch_id>/tien-do/", batches.batch_progress, name="batch_progress"),
    path("so-hoa/<int:batch_id>/tep/", batches.batch_bring, name="batch_bring"),
    path("so-hoa/<int:batch_id>/tam-dung/", batches.batch_pause, name="batch_pause"),
    path("so-hoa/<int:batch_id>/tiep-tuc/", batches.batch_resume, name="batch_resume"),
    path("so-hoa/<int:batch_id>/doc-lai/", batches.batch_retry, name="batch_retry"),
    path("so-hoa/<int:batch_id>/<int:document_id>/doc-lai/", batches.batch_reread, name="batch_reread"),
    path("van-ban-di/", register, name="register"),
    path("van-ban-di/giu-so/", register_reserve, name="register_reserve"),
    path("van-ban-di/<int:entry_id>/", register_entry, name="register_entry"),
    path("van-ban-di/<int:entry_id>/ghi-so/", register_enter, name="register_enter"),
    path("van-ban-di/<int:entry_id>/huy/", register_cancel, name="register_cancel"),
    path("van-ban/<int:legal_id>/", legal_document, name="legal_document"),
]
