"""Finding the commune a place lies in; one no list knows is entered by its name."""

from land.models import Commune
from land.places import LONGEST_PLACE, commune_folded, commune_key, folded_meant, keys_meant
from search.text import clean


def commune_named(name: str) -> Commune:
    """The commune in force of this name, entered without a code when there is none. In the caller's transaction."""
    found = known_commune(name)
    if found is not None:
        return found
    told = clean(name).partition(",")[0].strip()[:LONGEST_PLACE]
    # Two dossiers may bring the same unknown name the same moment.
    commune, _is_new = Commune.objects.get_or_create(
        key=commune_key(name), valid_until=None, defaults={"name": told, "folded": commune_folded(name)}
    )
    return commune


def known_commune(name: str) -> Commune | None:
    """By its name as written; without its kind or its tone marks, when only one is meant."""
    key = commune_key(name)
    in_force = Commune.objects.filter(valid_until__isnull=True)
    exact = in_force.filter(key=key).first()
    if exact is not None or not key:
        return exact
    alike = list(in_force.filter(key__in=keys_meant(name))[:2])
    if not alike and key == commune_folded(name):
        alike = list(in_force.filter(folded__in=folded_meant(name))[:2])
    return alike[0] if len(alike) == 1 else None
