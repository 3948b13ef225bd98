"""One measurement in a process of its own: `python -m benchmarks.child MODULE OPTIONS`; prints its result as JSON."""

import json
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    print(json.dumps(import_module(sys.argv[1]).measure(**json.loads(sys.argv[2]))))
