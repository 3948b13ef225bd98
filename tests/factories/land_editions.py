"""An invented procedure that ends in any change of the land register: the renewal's edition under other words."""

import re

from tests.factories.office import EDITIONS, publish
from workflow.models import ProcedureVersion

_FIELD = '\n[[form.fields]]\ncode = "{code}"\nlabel = "{code}"\ntype = "{type}"\n'
_COLUMN = '\n[[form.fields.columns]]\ncode = "{code}"\nlabel = "{code}"\ntype = "{type}"\n'


def publish_land_edition(
    effect: str, *, certificate: bool = True, consent: bool = False, **fields: str | dict[str, str]
) -> ProcedureVersion:
    """`fields` are further fields of the form: their type, or the columns of a table with theirs.

    Without a certificate its result is a note on the one there is.
    """
    text = (EDITIONS / "P6-2025.toml").read_text("utf-8")
    text = re.sub(r'procedure = "P6"\nnational_code = "[^"]*"', 'procedure = "DAT"', text)
    text = re.sub(r'\[\[form\.fields\]\]\ncode = "reason(?:_note)?".*?(?=\n\[\[)', "", text, flags=re.DOTALL)
    text = re.sub(r'\[\[components\]\]\ncode = "survey".*?(?=\n\[\[)', "", text, flags=re.DOTALL)
    more = "".join(_field(code, kind) for code, kind in fields.items())
    if consent:
        paper = (
            'name = "Văn bản đồng ý của bên nhận thế chấp"\ndocument_type = "van_ban_uy_quyen"\nis_required = false\n'
        )
        more += f'\n[[components]]\ncode = "consent"\n{paper}'
    text = text.replace("[[components]]", f"{more}\n[[components]]", 1)
    text = text.replace('effect = "issue_result"', f'effect = "{effect}"')
    if not certificate:
        text = text.replace('document_type = "giay_chung_nhan_moi"', 'document_type = "xac_nhan_thay_doi"')
    return publish(text)


def _field(code: str, kind: str | dict[str, str]) -> str:
    if isinstance(kind, str):
        return _FIELD.format(code=code, type=kind)
    columns = "".join(_COLUMN.format(code=column, type=type_) for column, type_ in kind.items())
    return _FIELD.format(code=code, type="table") + columns


def rows(table: str, *filled: dict[str, str]) -> dict[str, str]:
    """What the counter posts for a table."""
    posted = {f"form-{table}-TOTAL_FORMS": str(len(filled)), f"form-{table}-INITIAL_FORMS": "0"}
    for number, row in enumerate(filled):
        posted |= {f"form-{table}-{number}-{column}": value for column, value in row.items()}
    return posted
