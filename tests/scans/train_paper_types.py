"""Trains the recogniser of kinds of papers on invented papers and writes ocr/paper_types.bin.

`python -m tests.scans.train_paper_types` rebuilds the very same file: every paper, slip of reading and starting weight
comes from a seed. A logistic model over hashed words; the papers it learns from lose lines, titles and letters, so
that it leans on no single word, and it is set to be as sure as it is right on papers damaged worse still.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from ocr.head import read_head
from ocr.paper_types import FILE, UNKNOWN, Model, dump_model, hashes_of
from tests.scans.kinds import kinds, paper_of
from tests.scans.printing import misread

PAPERS_A_KIND = 80
# Papers for fitting the sureness; benchmarks and tests take seeds from 1000 on.
HELD_BACK = range(500, 512)
EPOCHS, BATCH, RATE, DECAY = 12, 64, 0.5, 3e-6
# What stands on fewer papers is a name or a slip.
FEATURES, LEAST_PAPERS = 7000, 4
# Kinds that hold whatever has no kind of its own: their papers may say anything below the title.
GENERAL = frozenset(
    """
    quyet_dinh nghi_quyet nghi_dinh thong_tu thong_tu_lien_tich van_ban_hop_nhat luat chi_thi cong_van to_trinh
    bao_cao thong_bao ke_hoach bien_ban giay_moi
    """.split()  # noqa: SIM905 a list of words reads better
)
THRESHOLD = 0.6
Matrix = npt.NDArray[np.float32]


def train(papers_a_kind: int = PAPERS_A_KIND, epochs: int = EPOCHS) -> Model:
    """A model fitted on that many papers of each kind."""
    codes = [UNKNOWN, *kinds()]
    pages, labels, types = _papers(codes, range(papers_a_kind), harm=0.3)
    usual = tuple(_usual_types(types, labels, label) for label in range(len(codes)))
    features = _features_worth_knowing(pages)
    weights, bias = _fit(_matrix(pages, features), np.asarray(labels), len(codes), epochs)
    pages, labels, _ = _papers(codes, HELD_BACK, harm=0.75)
    sharpness = _sharpness(_matrix(pages, features) @ weights + bias, np.asarray(labels))
    scale = float(np.abs(weights).max() * sharpness / 127)
    whole = np.rint(weights.T * sharpness / scale).astype(np.int8)
    return Model(
        codes=tuple(codes),
        types=usual,
        bias=tuple(round(float(one) * sharpness, 4) for one in bias),
        scale=scale,
        threshold=THRESHOLD,
        features=features,
        weights=whole.ravel().tolist(),
    )


def _usual_types(types: list[str | None], labels: list[int], label: int) -> tuple[str, ...]:
    """The names that heads of a kind bear often enough to be no slip of reading."""
    counts = Counter(kind for kind, one in zip(types, labels, strict=True) if one == label)
    return tuple(sorted(kind for kind, count in counts.items() if kind and label and count > 0.1 * counts.total()))


def _features_worth_knowing(pages: list[list[int]]) -> list[int]:
    """The features that stand on most papers, in order."""
    counts = Counter(one for page in pages for one in page)
    often = [(count, one) for one, count in counts.items() if count >= LEAST_PAPERS]
    return sorted(one for _, one in sorted(often, reverse=True)[:FEATURES])


def _papers(codes: list[str], seeds: range, *, harm: float) -> tuple[list[list[int]], list[int], list[str | None]]:
    """The hashes of papers, the places of their codes, and what their heads call them."""
    pages, labels, types = [], [], []
    for seed in seeds:
        for label, code in enumerate(codes):
            for text in _unknown(codes, seed) if code == UNKNOWN else [paper_of(code, seed).text]:
                harmed = _harmed(text, seed * 100 + label, harm, is_general=code in GENERAL)
                types.append(read_head(harmed).document_type)
                pages.append(hashes_of(harmed, types[-1]))
                labels.append(label)
    return pages, labels, types


def _harmed(text: str, seed: int, harm: float, *, is_general: bool) -> str:
    """A text that lost lines, its first ones most seldom, and was misread; some stay as they are.

    Of a general kind half keep nothing of what they say but their head, for another will say something else.
    """
    chance = Random(f"harm-{seed}")  # noqa: S311
    if is_general and chance.random() < 0.5:
        text = "\n".join(line for line in text.splitlines() if _is_frame(line))
    elif chance.random() < 0.3 and harm < 0.5:
        return text
    lost = chance.random() * harm
    lines = [line for at, line in enumerate(text.splitlines()) if chance.random() > lost * (0.3 if at < 6 else 1)]
    return misread("\n".join(lines), rate=chance.random() * harm, seed=seed)


def _is_frame(line: str) -> bool:
    """Whether a line stands on any paper of its kind: capitals, grounds, articles and how they end."""
    return (
        line.isupper()
        or line.startswith(("Số", "Căn cứ", "Điều 1.", "Nơi nhận", "V/v", "Kính gửi"))
        or ", ngày" in line
    )


def _unknown(codes: list[str], seed: int) -> list[str]:
    """Pages that are none of the kinds: single lines of many, lists, lines without words."""
    chance = Random(f"unknown-{seed}")  # noqa: S311
    lines = [
        line
        for _ in range(6)
        for line in chance.sample(
            paper_of(chance.choice(codes[1:]), 10_000 + chance.randrange(500)).text.splitlines(), 2
        )
        if not line.isupper()
    ]
    letters = "abcdeghiklmnopqrstuvxy"
    noise = " ".join("".join(chance.choices(letters, k=chance.randrange(2, 8))) for _ in range(60))
    table = "\n".join(f"{at} {chance.choice(lines)[:30]} {chance.randrange(10**6)}" for at in range(15))
    return ["\n".join(lines), "\n".join(lines[: chance.randrange(1, 4)]), noise, table, noise.upper()]


def _matrix(pages: list[list[int]], features: list[int]) -> Matrix:
    places = {one: at for at, one in enumerate(features)}
    rows = np.zeros((len(pages), len(features)), dtype=np.float32)
    for at, page in enumerate(pages):
        known = [places[one] for one in page if one in places]
        rows[at, known] = 1 / np.sqrt(max(len(known), 1))
    return rows


def _fit(rows: Matrix, labels: npt.NDArray[np.int64], classes: int, epochs: int) -> tuple[Matrix, Matrix]:
    """Weights of shape (features, classes) and biases, by stochastic descent with AdaGrad's steps."""
    chance = np.random.default_rng(7)
    weights, bias = np.zeros((rows.shape[1], classes), np.float32), np.zeros(classes, np.float32)
    seen, seen_bias = np.full_like(weights, 1e-3), np.full_like(bias, 1e-3)
    for _ in range(epochs):
        order = chance.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            batch = order[start : start + BATCH]
            error = _shares(rows[batch] @ weights + bias)
            error[np.arange(len(batch)), labels[batch]] -= 1
            error /= len(batch)
            step, step_bias = rows[batch].T @ error + DECAY * weights, error.sum(axis=0)
            seen += step**2
            seen_bias += step_bias**2
            weights -= RATE * step / np.sqrt(seen)
            bias -= RATE * step_bias / np.sqrt(seen_bias)
    return weights, bias


def _shares(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _sharpness(scores: Matrix, labels: npt.NDArray[np.int64]) -> float:
    """The factor to scores at which what is said with some sureness is right as often."""

    def loss(factor: float) -> float:
        right = _shares(np.asarray(scores * factor, dtype=np.float32))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(right, 1e-9)).mean())

    return float(min(np.arange(0.1, 3.01, 0.05), key=loss))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=FILE)
    path = parser.parse_args(arguments).to
    data = dump_model(train())
    path.write_bytes(data)
    print(f"{path}: {len(data)} bytes")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
