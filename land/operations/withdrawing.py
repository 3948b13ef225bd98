"""Ending certificates under the lock of their parcels; part of the operations that do so."""

from collections.abc import Sequence

from land.entries import end
from land.rights_models import Certificate, CertifiedRight, LandRight
from land.sources import Source
from land.states import Ending


def withdraw_those_of(rights: Sequence[LandRight], ending: Ending, source: Source) -> list[Certificate]:
    """Ends the certificates in force of these rights; one that certifies rights on other parcels goes on for those."""
    certified = CertifiedRight.objects.filter(right__in=rights, valid_until__isnull=True)
    certificates = list(Certificate.objects.filter(pk__in=certified.values("certificate"), valid_until__isnull=True))
    end(certified, source)
    going_on = CertifiedRight.objects.filter(certificate__in=certificates, valid_until__isnull=True)
    kept = set(going_on.values_list("certificate", flat=True))
    withdrawn = [each for each in certificates if each.pk not in kept]
    end_certificates(withdrawn, ending, source)
    return withdrawn


def end_certificates(certificates: Sequence[Certificate], ending: Ending, source: Source) -> None:
    end(CertifiedRight.objects.filter(certificate__in=certificates), source)
    end(Certificate.objects.filter(pk__in=[each.pk for each in certificates]), source, ending=ending)
