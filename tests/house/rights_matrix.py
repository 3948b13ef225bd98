"""What each role gets at each address of the house, written down."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.house.full_office import ROLES

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# What a role gets at an address by a verb; a verb that isn't named here gets 405 from everybody.
# Pages answer HEAD as they answer GET; the API offers GET alone.
# ANY: a reading, whichever verb asks for it.
# 401: signing in opens nothing there, only an agency's token does (tests/exchange).
# `in` is the way to sign in: a redirect for a reading, 401 with what was typed for anything else.
MATRIX = """
address                 verb                   nobody look_up clerk specialist head stranger placeless administrator
sign_in                 GET                       200     302   302        302  302      302       302           302
sign_in                 POST                      422     302   302        302  302      302       302           302
sign_in                 PUT,PATCH,DELETE          405     302   302        302  302      302       302           302
sign_out                POST                      302     302   302        302  302      302       302           302
choose_slot             POST                       in     403   302        403  403      403       403           403
language:set_language   GET                       302     302   302        302  302      302       302           302
language:set_language   POST,PUT,PATCH,DELETE     302     302   302        302  302      302       302           302
public_status           GET                       200     200   200        200  200      200       200           200
home                    GET                        in     200   200        200  200      200       200           200
search                  GET                        in     200   200        200  200      200       200           200
notices                 GET                        in     200   200        200  200      200       200           200
notices_read            POST                       in     302   302        302  302      302       302           302
notice_read             POST                       in     404   302        404  404      404       404           404
legal_document          GET                        in     200   200        200  200      200       200           200
document                GET                        in     200   200        200  200      404       404           200
document_progress       GET                        in     200   200        200  200      404       404           200
document_page_picture   GET                        in     200   200        200  200      404       404           200
document_text           GET                        in     200   200        200  200      404       404           200
document_original       GET                        in     200   200        200  200      404       404           200
document_copy           GET                        in     200   200        200  200      404       404           200
document_copy_progress  GET                        in     200   200        200  200      404       404           200
document_copy_asked     POST                       in     403   302        302  302      404       404           403
document_reread         POST                       in     403   302        302  302      404       404           403
document_version_added  POST                       in     403   302        403  403      404       404           403
batches                 GET                        in     403   403        200  403      200       403           200
batch                   GET                        in     404   404        200  404      404       404           200
batch_progress          GET                        in     404   404        200  404      404       404           200
batch_open              POST                       in     403   403        303  403      303       403           403
batch_bring             POST                       in     404   404        303  404      404       404           403
batch_pause             POST                       in     404   404        303  404      404       404           403
batch_resume            POST                       in     404   404        303  404      404       404           403
batch_retry             POST                       in     404   404        303  404      404       404           403
batch_reread            POST                       in     404   404        303  404      404       404           403
dossiers                GET                        in     200   200        200  200      200       200           200
dossier                 GET                        in     200   200        200  200      404       404           200
dossier_papers          GET                        in     200   200        200  200      404       404           200
dossier_check           GET                        in     200   200        200  200      404       404           200
dossier_check_decide    POST                       in     403   403        303  403      404       404           403
dossier_steps           GET                        in     200   200        200  200      404       404           200
dossier_clock           GET                        in     200   200        200  200      404       404           200
dossier_history         GET                        in     200   200        200  200      404       404           200
dossier_receipt         GET                        in     200   200        200  200      404       404           200
dossier_draft_result    POST                       in     403   403        303  403      404       404           403
dossier_step_paper      POST                       in     403   403        303  403      404       404           403
dossier_control_slip    GET                        in     200   200        200  200      404       404           200
dossier_apology         GET                        in     404   404        404  404      404       404           404
dossier_apologize       POST                       in     403   403        403  303      404       404           403
intake_start            GET                        in     403   200        403  403      403       403           403
intake_begin            POST                       in     403   303        403  403      403       403           403
intake                  GET                        in     404   200        404  404      404       404           403
intake_save             POST                       in     404   200        404  404      404       404           403
intake_change           POST                       in     404   303        404  404      404       404           403
intake_discard          POST                       in     404   303        404  404      404       404           403
intake_applicant        GET                        in     404   200        404  404      404       404           403
intake_receive          POST                       in     404   303        404  404      404       404           403
intake_paper            GET                        in     404   200        404  404      404       404           200
intake_attach           POST                       in     404   200        404  404      404       404           403
intake_bundle_add       POST                       in     404   303        404  404      404       404           403
intake_bundle           GET                        in     404   200        404  404      404       404           403
intake_bundle_progress  GET                        in     404   200        404  404      404       404           403
intake_bundle_split     POST                       in     404   303        404  404      404       404           403
intake_separators       GET                        in     404   200        404  404      404       404           403
intake_land             GET                        in     404   200        404  404      404       404           403
dossier_land            GET                        in     200   200        200  200      404       404           200
parcels                 GET                        in     200   200        200  200      200       403           200
parcel                  GET                        in     200   200        200  200      200       404           200
certificates            GET                        in     200   200        200  200      200       403           200
certificate             GET                        in     200   200        200  200      200       404           200
work_mine               GET                        in     200   200        200  200      200       200           200
work_unit               GET                        in     200   200        200  200      200       200           200
work_finished           GET                        in     200   200        200  200      200       200           200
work_followed           GET                        in     200   200        200  200      200       200           200
work_late               GET                        in     403   403        403  200      200       403           403
work_mine_bulk          POST                       in     403   403        303  403      404       404           403
work_unit_bulk          POST                       in     403   403        303  403      404       404           403
work_followed_bulk      POST                       in     403   303        303  303      404       403           403
work_mine_new           GET                        in     422   422        422  422      422       422           422
work_unit_new           GET                        in     422   422        422  422      422       422           422
work_followed_new       GET                        in     422   422        422  422      422       422           422
work_mine_export        GET                        in     200   200        200  200      200       200           200
work_unit_export        GET                        in     200   200        200  200      200       200           200
work_followed_export    GET                        in     200   200        200  200      200       200           200
work_finished_export    GET                        in     200   200        200  200      200       200           200
work_late_export        GET                        in     403   403        403  200      200       403           403
delegations             GET                        in     200   200        200  200      200       200           200
delegation_make         POST                       in     403   403        303  303      422       403           403
delegation_end          POST                       in     403   403        303  303      403       403           403
hand_overs              GET                        in     200   200        200  200      200       200           200
hand_over_officer       POST                       in     403   409        409  409      409       403           403
hand_over_unit          POST                       in     403   403        403  409      403       403           403
hand_over               GET                        in     404   404        404  200      200       404           200
hand_over_minutes       GET                        in     404   404        404  200      200       404           200
hand_over_accept        POST                       in     404   404        404  403      303       404           403
hand_over_drop          POST                       in     404   404        404  303      303       404           403
work_quick_look         GET                        in     200   200        200  200      404       404           200
step_claim              POST                       in     403   403        303  403      404       404           403
step_complete           POST                       in     403   403        303  403      404       404           403
step_reassign           POST                       in     403   403        403  303      404       404           403
step_further            GET                        in     200   200        200  200      404       404           200
step_back               POST                       in     403   403        303  403      404       404           403
step_undo               POST                       in     403   409        409  409      404       404           403
step_jump               POST                       in     403   403        403  403      404       404           303
opinion_ask             POST                       in     403   403        303  403      404       404           403
opinion_answer          POST                       in     403   403        403  403      404       404           403
opinion_take_back       POST                       in     403   403        403  403      404       404           403
case_edition            GET                        in     403   403        403  200      404       404           200
case_edition            POST                       in     403   403        403  303      404       404           303
calendar                GET                        in     200   200        200  200      200       200           200
calendar_preview        GET                        in     403   403        403  403      403       403           422
calendar_change         POST                       in     403   403        403  403      403       403           303
calendar_moves          GET                        in     403   403        403  403      403       403           200
calendar_recalculate    POST                       in     403   403        403  403      403       403           303
procedures              GET                        in     200   200        200  200      200       200           200
procedure               GET                        in     200   200        200  200      200       200           200
procedure_steps         GET                        in     200   200        200  200      200       200           200
procedure_form          GET                        in     200   200        200  200      200       200           200
procedure_compare       GET                        in     200   200        200  200      200       200           200
procedure_file          GET                        in     200   200        200  200      200       200           200
procedure_retire        POST                       in     403   403        403  403      403       403           422
procedure_draft_begin   POST                       in     403   403        403  403      403       403           303
procedure_draft         GET                        in     403   403        403  403      403       403           200
procedure_draft_steps   GET                        in     403   403        403  403      403       403           200
procedure_draft_form    GET                        in     403   403        403  403      403       403           200
procedure_draft_compare GET                        in     403   403        403  403      403       403           200
procedure_draft_file    GET                        in     403   403        403  403      403       403           200
procedure_draft_part    GET                        in     403   403        403  403      403       403           200
procedure_draft_save    POST                       in     403   403        403  403      403       403           303
procedure_draft_text    GET                        in     403   403        403  403      403       403           200
procedure_draft_rewrite POST                       in     403   403        403  403      403       403           303
procedure_draft_publish POST                       in     403   403        403  403      403       403           303
procedure_draft_drop    POST                       in     403   403        403  403      403       403           303
register                GET                        in     200   200        200  200      200       200           200
register_entry          GET                        in     200   404        200  200      404       404           200
register_reserve        POST                       in     403   403        303  403      303       403           403
register_enter          POST                       in     403   404        303  403      404       404           403
register_cancel         POST                       in     403   404        303  403      404       404           403
records                 GET                        in     200   200        200  200      200       200           200
records_make            POST                       in     403   403        303  403      409       403           403
records_list            GET                        in     200   404        200  200      404       404           200
records_take_off        POST                       in     403   404        303  403      404       404           403
records_classify        POST                       in     403   404        303  403      404       404           403
records_drop            POST                       in     403   404        303  303      404       404           403
records_approve         POST                       in     403   404        403  303      404       404           403
records_package         POST                       in     403   404        200  200      404       404           403
api:dossier             GET                       401     401   401        401  401      401       401           401
api:search              GET                       401     401   401        401  401      401       401           401
api:procedures          GET                       401     401   401        401  401      401       401           401
api:form                GET                       401     401   401        401  401      401       401           401
api:openapi             GET                       200     200   200        200  200      200       200           200
api:unknown             ANY                       404     404   404        404  404      404       404           404
healthz                 GET                       200     200   200        200  200      200       200           200
readyz                  GET                       200     200   200        200  200      200       200           200
metrics                 GET                       200     200   200        200  200      200       200           200
dead_letters            GET                        in     403   403        403  403      403       403           200
dead_letters_send       POST                       in     403   403        403  403      403       403           303
dead_letter_send        POST                       in     403   403        403  403      403       403           303
dead_letter_set_aside   POST                       in     403   403        403  403      403       403           303
"""
# No sign-in stands before these.
OPEN = {"sign_in", "sign_out", "public_status", "language:set_language", "healthz", "readyz", "metrics"}
OPEN |= {"api:dossier", "api:search", "api:procedures", "api:form", "api:openapi", "api:unknown"}
# An officer's messages are his own affair: whose they are is not told, and nothing of them goes to the trail.
OWN_AFFAIR = {"notice_read"}
# Stands for every address there isn't: nothing can be done there, nor refused to anybody.
NOWHERE = {"api:unknown"}


@dataclass(frozen=True)
class Rights:
    """The matrix, read: `answers[address, verb][role]`, and the addresses that only ever read."""

    answers: dict[tuple[str, str], dict[str, str]]
    readings: frozenset[str]

    @property
    def addresses(self) -> set[str]:
        return {address for address, _verb in self.answers}

    def expected(self, address: str, verb: str, role: str) -> str:
        named = self.answers.get((address, verb))
        if named is not None:
            return named[role]
        return "in" if role == "nobody" and address not in OPEN else "405"


def _verbs(address: str, verbs: str) -> Iterable[str]:
    if verbs == "ANY":
        return VERBS
    named = verbs.split(",")
    return [*named, "HEAD"] if "GET" in named and not address.startswith("api:") else named


def _read(matrix: str) -> Rights:
    head, *rows = [line.split() for line in matrix.strip().splitlines()]
    assert tuple(head[2:]) == ROLES
    answers = {
        (address, verb): dict(zip(ROLES, said, strict=True))
        for address, verbs, *said in rows
        for verb in _verbs(address, verbs)
    }
    return Rights(answers, frozenset(address for address, verbs, *_said in rows if verbs == "ANY"))


RIGHTS = _read(MATRIX)
