"""What the system costs, as figures beside a named peer measured in the same run.

A benchmark is a module here with `run() -> list[dict]`; each dict is a row as `benchmarks.rows.row` makes it.
"""
