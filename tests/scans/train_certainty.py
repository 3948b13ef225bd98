"""Fits how sure each rule of reading is, on invented papers scanned well and badly, and writes ocr/certainty.json.

`python -m tests.scans.train_certainty` scans and recognises a few hundred pages, which takes an hour on one core;
`--cache FOLDER` keeps what was recognised and takes it from there.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ocr.certainty import FILE, UNKNOWN_RULE
from ocr.fields import weigh_fields
from tests.scans.judging import judge
from tests.scans.kinds import kinds
from tests.scans.recognised import GRADES, Recognised, recognised

SEEDS = (1, 1001, 2001)
# A weight is drawn towards nothing, a rule towards the mean of all rules, so that a rule seen twice isn't sure.
PULL = 1.5
STEPS, RATE = 4000, 0.5
# A rule that was never wrong among few may be wrong yet: each starts with this many right and wrong; and so does each
# circumstance that papers as good as these seldom show.
DOUBTS = {
    "rule": (3.0, 0.35),
    "failed": (1.0, 20.0),
    "repaired": (4.0, 1.5),
    "rivals": (3.0, 3.0),
    "unplaced": (3.0, 1.5),
}


def samples_of(papers: Sequence[Recognised]) -> Iterator[tuple[Mapping[str, float], bool]]:
    """The features of every value that was read, and whether it was right."""
    for paper in papers:
        _, weighed = weigh_fields(paper.pages)
        features = {id(one.field): one.features for one in weighed}
        for verdict in judge(paper.told, [one.field for one in weighed], paper.text):
            if verdict.field is not None:
                yield features[id(verdict.field)], verdict.is_right


def fit(samples: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    """The weight of each feature, by logistic regression with a pull towards nothing."""
    rules = sorted({name for features, _ in samples for name in features if name.startswith("rule ")})
    shared = sorted({name for features, _ in samples for name in features} - set(rules))
    names = [*rules, *shared]
    places = {name: at for at, name in enumerate(names)}
    doubted = [*rules, *(name for name in DOUBTS if name in places)]
    rows = np.zeros((len(samples) + 2 * len(doubted), len(names)))
    right, weight = np.zeros(len(rows)), np.ones(len(rows))
    for at, (features, is_right) in enumerate(samples):
        for name, amount in features.items():
            rows[at, places[name]] = amount
        right[at] = is_right
    usual = rows[: len(samples)].mean(axis=0)
    for at, name in enumerate(doubted):
        for offset, doubt in enumerate(DOUBTS["rule" if name in rules else name]):
            row = len(samples) + 2 * at + offset
            rows[row] = usual
            if name in rules:
                rows[row, : len(rules)] = 0
            rows[row, places[name]] = 1
            right[row], weight[row] = 1 - offset, doubt
    weights = np.zeros(len(names))
    pull = np.full(len(names), PULL)
    pull[: len(rules)] = 0.02
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-rows @ weights))
        weights -= RATE * (rows.T @ (weight * (share - right)) + pull * weights) / weight.sum()
    return {name: round(float(one), 4) for name, one in zip(names, weights, strict=True)}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--to", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    papers = [recognised(kind, seed, grade, options.cache) for seed in SEEDS for grade in GRADES for kind in kinds()]
    samples = list(samples_of(papers))
    weights = fit(samples)
    options.to.write_text(json.dumps(weights, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    counted = Counter(is_right for _, is_right in samples)
    print(f"{options.to}: {counted[True]} right, {counted[False]} wrong; unknown rules {UNKNOWN_RULE}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
