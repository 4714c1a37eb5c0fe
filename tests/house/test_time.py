"""Only the clock reads time, so that FORTAEL_NOW moves everything."""

import re

from tests.running import ROOT

READS = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(")


def test_only_the_clock_reads_time():
    files = [path for path in (ROOT / "app").rglob("*.py") if READS.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in files] == ["clock.py"]
