"""What a dossier's time limit stands still for, in words (không tính vào thời hạn); the edition names the law."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Land law leaves these out of its limits; `%(reference)s` is the number of the paper behind it.
PAUSES: dict[str, Promise] = {
    "tax": _("slip %(reference)s sent to the tax authority"),
    "posting": _("posted for the public to see"),
    "examination": _("expert examination"),
    "violation": _("a violation of land law is handled"),
    "inheritance": _("the inheritance is divided"),
    "lease_price": _("the lease price is set"),
    "supplement": _("supplement requested %(reference)s"),
}
