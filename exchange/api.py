"""The API for agencies (dịch vụ chia sẻ dữ liệu): read-only, behind a token, every answer and refusal in the trail."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import NinjaAPI, P, PathEx, Query, Schema
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from exchange.bearer import AgencyBearer
from exchange.callers import AgencyRequest
from exchange.operations.tracks import record_search, record_shared
from exchange.problems import Problem, Unanswered, answer_by_problems
from exchange.selectors import dossier_of_code, dossier_out, form_out, found_by, found_out, procedures_out
from exchange.shapes import LONGEST_CODE, UNSEEN, DossierOut, FormOut, Found, ProcedureOut, Question
from pages.domain_errors import Refused

VERSION = "1.0.0"
DESCRIPTION = """\
Read-only access for agencies with a sharing agreement (cơ quan kết nối). What an agency reads are the dossiers of the
units its agreement names; what it may not see answers as if it weren't there. Every dossier read, every search and
every refusal is kept in the audit trail. Words come in Vietnamese, or in English with `Accept-Language: en`.

The version follows semver: a field may be added within 1.x, none changes its meaning or disappears.
"""


class _Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Hồ sơ đất đai",
    version=VERSION,
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=AgencyBearer(),
    renderer=_Renderer(),
)
answer_by_problems(api)


def _demand_known(request: AgencyRequest, asked: type[Schema]) -> None:
    """Raises ValidationError for a name nobody knows: a filter written wrongly must not seem to have narrowed."""
    strays = sorted(request.GET.keys() - asked.model_fields.keys())
    if strays:
        raise ValidationError([{"loc": ("query", name), "type": "extra_forbidden"} for name in strays])


_CODE: dict[str, Any] = {"min_length": 1, "max_length": LONGEST_CODE, "pattern": f"^[^{UNSEEN}]+$"}
DossierCode = PathEx[str, P(**_CODE, description="The code on the receipt (mã hồ sơ).", example="H99.15-261202-0001")]
ProcedureCode = PathEx[str, P(**_CODE, description="A code of `listProcedures`.", example="P6")]


@api.get(
    "dossiers/{path:code}",
    response={200: DossierOut, 401: Problem, 404: Problem, 422: Problem},
    operation_id="readDossier",
    url_name="dossier",
    tags=["dossiers"],
)
def read_dossier(request: AgencyRequest, code: DossierCode) -> DossierOut:
    """Where a dossier stands: status, due date, appointments, the steps in progress, the results' numbers."""
    caller = request.auth
    dossier = dossier_of_code(caller, code)
    answer = dossier_out(dossier, has_personal_data=caller.agency.has_personal_data)
    record_shared(caller=caller, dossier=dossier)
    return answer


@api.get(
    "search",
    response={200: Found, 401: Problem, 403: Problem, 422: Problem, 503: Problem},
    operation_id="search",
    url_name="search",
    tags=["search"],
)
def search(request: AgencyRequest, asked: Query[Question]) -> Found:
    """Finds dossiers, papers, decisions and certificates in the agency's sight.

    People are found by their names: only an agreement that includes personal data opens the search.
    """
    caller = request.auth
    _demand_known(request, Question)
    if not caller.agency.has_personal_data:
        raise Refused(_("The search finds people by name; the agreement does not include personal data."))
    results = found_by(caller, asked)
    if results.is_degraded:
        raise Unanswered
    record_search(caller=caller, words=asked.q, found=results.total)
    return found_out(results)


@api.get(
    "procedures",
    response={200: list[ProcedureOut], 401: Problem},
    operation_id="listProcedures",
    url_name="procedures",
    tags=["procedures"],
)
def list_procedures(request: AgencyRequest) -> list[ProcedureOut]:
    """The procedures in force today, each with its edition and the limits it promises."""
    return procedures_out()


@api.get(
    "procedures/{path:code}/form",
    response={200: FormOut, 401: Problem, 404: Problem, 422: Problem},
    operation_id="readForm",
    url_name="form",
    tags=["procedures"],
)
def read_form(request: AgencyRequest, code: ProcedureCode) -> FormOut:
    """The electronic form of the procedure's edition in force, as a JSON Schema."""
    form = form_out(code)
    if form is None:
        raise Http404
    return form
