"""The process that opens a signed file: `ocr.child` with a task of its own, `signatures`.

The request also has `trust`, the folder of trusted certificates or nothing; it answers
`{"kind": "signature", "signature": {…}}` for each, in the order of the file.
"""

from collections.abc import Iterator
from pathlib import Path

from ocr import Limits
from ocr.child import Answer, run
from ocr.pages import PageFile
from signatures.trust import load_trust
from signatures.verification import examine


def check(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    trust = load_trust(Path(request["trust"]) if request["trust"] else None)
    for found in examine(Path(request["path"]), trust):
        yield {"kind": "signature", "signature": found.as_json()}
    yield {"kind": "end"}


if __name__ == "__main__":
    run({"signatures": check})
