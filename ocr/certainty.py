"""How sure a value is: how surely its words were read together with how often its rule is right.

A logistic model with a weight for each rule and a few for the circumstances; certainty.json holds what
`python -m tests.scans.train_certainty` fitted on scans whose every value is known.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr.finding import Finding

FILE = Path(__file__).with_name("certainty.json")
LEAST, MOST = 0.01, 0.995
# Of a page of which nothing is known.
SURENESS_WITHOUT_PAGE = 0.9
# Of many words the least sure one says less than of one number.
_LONG = ("subject", "address", "person_address", "issuer")
# Of a rule nobody has measured.
UNKNOWN_RULE = -0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """The circumstances of a finding.

    `word` is how surely the least sure of its words was read, None when its place is not known; `page` how surely the
    page was; `mentions` how often the value stands in the paper; `rivals` how many other values claim its place.
    """

    word: float | None
    page: float
    mentions: int = 1
    rivals: int = 0


def features_of(finding: Finding, evidence: Evidence) -> dict[str, float]:
    """What the model weighs, by name."""
    return {
        f"rule {finding.rule}": 1.0,
        "long" if finding.name in _LONG else "word": 0.0 if evidence.word is None else _logit(evidence.word),
        "page": _logit(evidence.page),
        "unplaced": float(evidence.word is None),
        "passed": float(finding.check is True),
        "failed": float(finding.check is False),
        "repaired": float(finding.is_repaired),
        "mentions": float(min(evidence.mentions - 1, 2)),
        "rivals": float(min(evidence.rivals, 2)),
    }


def confidence_of(features: Mapping[str, float]) -> float:
    """How likely a value with these features is right, 0.01 to 0.995."""
    weights = _weights()
    total = sum(
        amount * weights.get(name, UNKNOWN_RULE if name.startswith("rule ") else 0.0)
        for name, amount in features.items()
    )
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-total)))), 3)


@cache
def _weights() -> Mapping[str, float]:
    read: dict[str, float] = json.loads(FILE.read_text("utf-8"))
    return read


def _logit(share: float) -> float:
    bounded = min(0.99, max(0.05, share))
    return math.log(bounded / (1 - bounded))
