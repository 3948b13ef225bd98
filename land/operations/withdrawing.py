"""Ending certificates under the lock of their parcels; part of the operations that do so."""

from collections.abc import Sequence

from land.entries import end
from land.rights_models import Certificate, CertifiedRight, LandRight
from land.sources import Source
from land.states import Ending


def withdraw_those_of(rights: Sequence[LandRight], ending: Ending, source: Source) -> list[Certificate]:
    """Ends the certificates in force of these rights with all they certify; other parcels on them need new ones."""
    certified = CertifiedRight.objects.filter(right__in=rights, valid_until__isnull=True)
    certificates = list(Certificate.objects.filter(pk__in=certified.values("certificate"), valid_until__isnull=True))
    end_certificates(certificates, ending, source)
    return certificates


def end_certificates(certificates: Sequence[Certificate], ending: Ending, source: Source) -> None:
    end(CertifiedRight.objects.filter(certificate__in=certificates), source)
    end(Certificate.objects.filter(pk__in=[each.pk for each in certificates]), source, ending=ending)
