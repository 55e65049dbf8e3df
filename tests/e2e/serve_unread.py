# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that ask for much and take nothing: nobody waits for them, neither
another reader nor the one who writes, and the log of the store does not grow."""
import os
import statistics
import time

from serving import GROUP, Serving
import tap

CLIENTS = 20
BATCHES = 25
EACH = 60		# articles of ARTICLE_BYTES
ARTICLE_BYTES = 32 << 10
WAL_BYTES = 12 << 20	# SQLite resets it from 4 MB on


def memory(pid):
    """What a process has to itself, in octets."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) << 10 for line in file
                   if line.startswith("Private_"))


def main():
    with Serving("readers = 1\n") as served:
        served.fill(range(1, EACH + 1), ARTICLE_BYTES)
        served.serve()
        reader = served.children()[0]
        wal = os.path.join(served.home, "newswire.db-wal")
        stalled = [served.client() for _ in range(CLIENTS)]
        before = memory(reader)
        for client in stalled:
            client.ask(f"GROUP {GROUP}")
            client.socket.setblocking(False)
            wanted = b"".join(b"ARTICLE %d\r\n" % n
                              for n in range(1, EACH + 1)) * 20
            client.socket.send(wanted)
        largest, stored, times = 0, EACH, []
        with served.client() as client:
            for _ in range(BATCHES):
                served.fill(range(stored + 1, stored + EACH + 1),
                            ARTICLE_BYTES)
                stored += EACH
                largest = max(largest, os.path.getsize(wal))
                start = time.monotonic()
                seen = len(client.subjects())
                times.append(time.monotonic() - start)
                if seen != stored:
                    break
            grown = memory(reader) - before
            print(f"# {stored * ARTICLE_BYTES >> 20} MB stored, log "
                  f"{largest >> 10} kB, memory {grown >> 10} kB, look "
                  f"{statistics.median(times) * 1000:.1f} ms")
            tap.ok(seen == stored, "another client sees each article that is "
                   "stored meanwhile", seen, stored)
            tap.ok(max(times) < 2, "at once", max(times))
        tap.ok(largest < WAL_BYTES < stored * ARTICLE_BYTES / 3,
               "the log of the store stays small", largest)
        tap.ok(grown < CLIENTS * (300 << 10) + (8 << 20),
               "the server keeps no more than 256 kB for each of them", grown)
        code, took = served.end()
        tap.ok(code == 0 and took < 5, "it does not wait for them to end",
               code, took, served.said())
        for client in stalled:
            client.close()
    tap.done()


main()
