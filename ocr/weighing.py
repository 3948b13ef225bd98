"""Chooses among what was found for the same thing, and says how sure it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr.certainty import SURENESS_WITHOUT_PAGE, Evidence, confidence_of, features_of
from ocr.finding import Finding
from ocr.placing import SURENESS_OF_TYPE, Script, box_around, folded_in_place, least_sure
from ocr.reading import ExtractedField

# What may stand several times on a paper without belonging to a parcel or a person.
_MANY = ("reference", "serial", "register_number", "tax_code")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A field, and what spoke for and against it."""

    field: ExtractedField
    features: Mapping[str, float]


class Weigher:
    """Chooses among what was found for the same thing, and says how sure it is."""

    def __init__(self, scripts: Sequence[Script], page_sureness: Sequence[float | None]) -> None:
        self._scripts = {script.number: script for script in scripts}
        self._pages = {
            script.number: SURENESS_OF_TYPE if sure is None else sure
            for script, sure in zip(scripts, page_sureness, strict=True)
        }

    def choose(self, findings: Sequence[Finding]) -> list[Weighed]:
        """One value for each thing that is told, all of those that may stand several times."""
        things: dict[tuple[str, int], list[Finding]] = defaultdict(list)
        for one in findings:
            things[one.name, one.group].append(one)
        chosen: list[Weighed] = []
        for (name, _), claims in things.items():
            best = self._best_of_each_value(claims)
            chosen += best if name in _MANY else best[:1]
        return chosen

    def _best_of_each_value(self, claims: Sequence[Finding]) -> list[Weighed]:
        """One field for each value claimed, the surest first."""
        by_value: dict[str, list[Finding]] = defaultdict(list)
        for one in claims:
            by_value[folded_in_place(one.value)].append(one)
        rivals = 0 if claims[0].name in _MANY else len(by_value) - 1
        fields = [
            max((self._weighed(one, mentions=len(same), rivals=rivals) for one in same), key=_sureness)
            for same in by_value.values()
        ]
        return sorted(fields, key=_sureness, reverse=True)

    def _weighed(self, one: Finding, *, mentions: int, rivals: int) -> Weighed:
        page = one.places[0].page if one.places else None
        words = [
            word for place in one.places if place.page == page for word in self._scripts[place.page].words_at(place)
        ]
        word = least_sure(words) if words else (SURENESS_OF_TYPE if one.places else None)
        features = features_of(one, Evidence(word, self._pages.get(page or 1, SURENESS_WITHOUT_PAGE), mentions, rivals))
        raw = " ".join(self._scripts[place.page].raw(place) for place in one.places) or one.raw
        field = ExtractedField(one.name, one.value, raw, confidence_of(features), page, box_around(words), one.group)
        return Weighed(field, features)


def _sureness(one: Weighed) -> float:
    return one.field.confidence
