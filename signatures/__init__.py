"""Digital signatures in PDFs (chữ ký số): what those in a file are worth, and the seal of our own on what is issued.

A file is opened in a process of its own, as the reader's are, and nothing is fetched from any network to judge it.
"""

from signatures.findings import Found, Verdict, worst_of
from signatures.service import Checked, check_signatures

__all__ = ["Checked", "Found", "Verdict", "check_signatures", "worst_of"]
