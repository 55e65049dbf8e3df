# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP for tests in Python: ok(condition, what), then done()."""
import sys

count = 0
failed = 0


def ok(condition, what, *details):
    """One case; details are printed when it fails."""
    global count, failed
    count += 1
    print(f"{'ok' if condition else 'not ok'} {count} - {what}", flush=True)
    if not condition:
        failed += 1
        for detail in details:
            for line in str(detail).splitlines():
                print("# " + line, flush=True)
    return bool(condition)


def done():
    """The plan, and the exit code; a run without a case has failed."""
    print(f"1..{count}")
    sys.exit(1 if failed or not count else 0)
