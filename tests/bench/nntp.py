#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""nntp.py [OPTIONS] NEWSWIRE STOREFILL: how fast the news server is.

Fills a store with 100,000 articles and lets a load generator ask newswire, and
back to back with it a server that answers the same out of memory (the limit)
and INN's nnrpd over the same articles, if INN is there (see tests/nntp/inn.py).
Each line is one figure: what newswire reached, its ratio to the limit, and
what was to be reached.  Each figure is the median of several runs; a ratio of
rates is that of the best ones.  A machine is never quiet, and then rates say
little: what was reached is judged by CPU time.  "By CPU" is the ratio of what
server and generator together need for an operation, which is that of the rates
where they share a processor; a rate is reached when a processor that does
nothing else could.

  --runs N        runs of each figure (3)
  --count N       articles (100000)
  --only WORD     figures whose name has the word
  --growth        the same with 1,000,000 articles in a group, and beside
                  10,000 other groups: how much worse each figure gets
  --rival NAME=PORT:COMM
                  one more server on this machine that has the same
                  articles in test.perf, whose processes are called COMM

The generator is $NNTPLOAD, or is compiled from nntpload.c in the folder
shared/bench beside the sources ($NNTPLOAD_SOURCE names another one)."""
import argparse
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zlib

import rival

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../../shared/bench/nntpload.c")
GROUP = "test.perf"
IDLE = 5000
GROUPS = 10000
GROWN = 10
STALL_US = 40000
WRITTEN = 60000                 # more than a writer stores in a run


def generator(folder):
    """The load generator's path."""
    path = os.environ.get("NNTPLOAD")
    if path:
        return path
    source = os.environ.get("NNTPLOAD_SOURCE", SOURCE)
    if not os.path.exists(source):
        sys.exit(f"nntp.py: no load generator: {os.path.normpath(source)} is "
                 "not there; name the program by NNTPLOAD=, or its source "
                 "by NNTPLOAD_SOURCE=")
    path = os.path.join(folder, "nntpload")
    subprocess.run(["cc", "-O3", "-march=native", "-w", "-o", path, source,
                    "-lpthread"], check=True)
    return path


class Figure:
    """A figure: what an operation is; the arguments of the generator, with {n}
    articles of which {lo} to {hi} are the last 100, "_" for a space inside of
    one; and the targets: most CPU for an operation (cpu, µs), least ratio to
    the limit, least rate, most time for a reply (µs)."""

    def __init__(self, name, unit, arguments, **targets):
        self.name, self.unit, self.arguments = name, unit, arguments
        self.targets = targets

    def command(self, count):
        return self.arguments.format(n=count, lo=count - 99, hi=count,
                                     again=max(1, 1000000 // count)).split()


FIGURES = (
    Figure("OVER, the whole group", "a line", "over -N {n} -R {again}",
           cpu=0.4, ratio=0.5),
    Figure("OVER, 100 lines, lock-step", "a line",
           "multi -c OVER_{lo}-{hi} -e 224 -n 100 -R 3000", reply=40),
    Figure("HDR Subject", "a line", "hdr -N {n} -R {again}", rate=2e6),
    Figure("NEWNEWS", "an id", "newnews -N {n} -R {again}", rate=1e6),
    Figure("ARTICLE, one connection, lock-step", "an article",
           "article -N {n} -d 2", ratio=0.5),
    Figure("ARTICLE, 64 connections", "an article", "article -N {n} -d 2 -k 64",
           ratio=0.6),
    Figure("ARTICLE, 8 connections, 32 pipelined", "an article",
           "article -N {n} -d 2 -k 8 -w 32", ratio=0.6, cpu=4),
    Figure("sessions", "a session", "connect -N {n} -d 2 -k 8", rate=12000),
)
LIST = Figure("LIST of all groups", "a group",
              f"multi -c LIST_ACTIVE -e 215 -n {GROUPS + 1} -R 50",
              reply=10000)


def cpu_s(pid):
    """CPU that a process has used."""
    with open(f"/proc/{pid}/schedstat") as file:
        return int(file.read().split()[0]) / 1e9


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def pss_kb(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M)[1])
    return total


class Newswire:
    """A server with one reader process, which serves nothing but the store."""
    options = []

    def __init__(self, command, home):
        with open(os.path.join(home, "newswire.conf"), "w") as file:
            file.write("readers = 1\n")
        self.process = subprocess.Popen(
            [command, "--home", home, "serve", "--no-poll", "--listen",
             "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        match = re.search(r"port (\d+)", line)
        if not match:
            sys.exit(f"nntp.py: newswire does not serve: {line}")
        self.port = int(match[1])
        while not children(self.process.pid):
            time.sleep(0.01)
        self.tasks = str(children(self.process.pid)[0])

    def pids(self):
        return [self.process.pid] + children(self.process.pid)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stderr.close()


class Limit:
    """The same articles out of memory."""
    name = "limit"
    options = []
    silence = "refuses"

    def __init__(self, load, count):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [load, "serve", "-p", str(self.port), "-N", str(count)],
            stderr=subprocess.DEVNULL)
        self.tasks = str(self.process.pid)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.1)

    def end(self):
        self.process.kill()
        self.process.wait()


def measure(load, server, figure, count):
    """One run: its fields; None when the server has no such command, or is not
    there."""
    if server.port is None:
        return None
    command = [word.replace("_", " ") for word in figure.command(count)]
    output = subprocess.run(
        [load, *command, *server.options, "-p", str(server.port), "-g", GROUP,
         "-r", "1", "-x", server.tasks], capture_output=True, text=True).stdout
    fields = {key: value for key, value in
              re.findall(r"(\w+)=(\S+)", output)}
    if not fields or fields["err"] != "0":
        return None
    return {"rate": float(fields["per_s"]), "reply": float(fields["p50us"]),
            "p99": float(fields["p99us"]), "most": float(fields["maxus"]),
            "cpu": float(fields["srv_us_per"]),
            "own": 1e6 * float(fields["cli_s"]) /
                   (float(fields["per_s"]) * float(fields["wall_s"]))}


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def ratio(runs, others):
    """Of the best runs: whatever else the machine does makes one slower."""
    return (max(run["rate"] for run in runs) /
            max(run["rate"] for run in others))


def ratio_by_cpu(runs, others):
    own = min(median(runs, "own"), median(others, "own"))
    return (own + median(others, "cpu")) / (own + median(runs, "cpu"))


def verdict(targets, reached):
    """The targets, each with whether it was reached."""
    words = {"cpu": "at most {:g} µs", "reply": "a reply in at most {:g} µs",
             "ratio": "ratio at least {:g}", "rate": "at least {:g}/s"}
    out = []
    for key, target in targets.items():
        if key == "rate":
            good = reached["cpu"] <= 1e6 / target
        else:
            good = (reached[key] >= target if key == "ratio"
                    else reached[key] <= target)
        out.append(words[key].format(target) + (": met" if good
                                                else ": MISSED"))
    return "; ".join(out)


def figure_line(load, servers, figure, options):
    """Measures the figure on each of the servers (newswire, the limit, rivals)
    in turn and prints it; what newswire reached, or None."""
    runs = [[] for _ in servers]
    for _ in range(options.runs):
        for server, so_far in zip(servers, runs):
            so_far.append(measure(load, server, figure, options.count))
    if None in runs[0]:
        print(f"bench: {figure.name}: refused", flush=True)
        return None
    reached = {key: median(runs[0], key) for key in runs[0][0]}
    line = (f"bench: {figure.name}: {reached['cpu']:.3g} µs {figure.unit}, "
            f"{reached['rate']:.4g}/s, reply {reached['reply']:.0f} µs "
            f"(99 %: {reached['p99']:.0f})")
    for server, others in zip(servers[1:], runs[1:]):
        if None in others:
            line += f", {server.name} {server.silence}"
            continue
        # What the process of a session used is gone with it.
        if isinstance(server, rival.Rival) and "connect" in figure.arguments:
            line += (f", {ratio(runs[0], others):.2f} of {server.name} by "
                     "rate")
            continue
        share = ratio_by_cpu(runs[0], others)
        line += (f", {share:.2f} of {server.name} by CPU "
                 f"({ratio(runs[0], others):.2f} by rate; "
                 f"{median(others, 'cpu'):.3g} µs)")
        reached.setdefault("ratio", share)
    said = verdict({key: value for key, value in figure.targets.items()
                    if key in reached}, reached)
    print(line + f" [{said}]" if said else line, flush=True)
    if min(run["most"] for run in runs[0]) > STALL_US and \
            reached["reply"] < STALL_US / 100:
        print(f"bench: {figure.name}: replies STALL for "
              f"{reached['most'] / 1000:.0f} ms", flush=True)
    return reached


def memory_line(load, options, home):
    """IDLE connections that have selected a group, of a server that has sent
    nothing yet: pages of the store that it maps would be counted as its."""
    newswire = Newswire(options.newswire, home)
    before = pss_kb(newswire.pids())
    process = subprocess.Popen(
        [load, "idle", "-p", str(newswire.port), "-g", GROUP, "-k", str(IDLE),
         "-H", "4"], stdout=subprocess.PIPE, text=True)
    time.sleep(3)
    after = pss_kb(newswire.pids())
    opened = re.search(r" open=(\d+) ", process.communicate()[0])[1]
    newswire.end()
    print(f"bench: {opened} idle connections: {after / 1024:.1f} MB over all "
          f"processes, {before / 1024:.1f} MB without them [at most 40 MB: "
          f"{'met' if after <= 40 * 1024 else 'MISSED'}]", flush=True)


def capable(port, word):
    with socket.create_connection(("127.0.0.1", port)) as client:
        file = client.makefile("rwb")
        file.readline()
        file.write(b"CAPABILITIES\r\nQUIT\r\n")
        file.flush()
        return word in file.read().decode()


def deflated(port, count):
    """The octets of an OVER of the group as they came, and as they are."""
    inflate = zlib.decompressobj(-15)
    deflate = zlib.compressobj(wbits=-15)
    with socket.create_connection(("127.0.0.1", port)) as client:
        file = client.makefile("rb")
        file.readline()
        client.sendall(b"COMPRESS DEFLATE\r\n")
        file.readline()
        client.sendall(deflate.compress(
            f"GROUP {GROUP}\r\nOVER 1-{count}\r\n".encode()) +
            deflate.flush(zlib.Z_SYNC_FLUSH))
        packed, text = 0, b""
        while not text.endswith(b"\r\n.\r\n"):
            piece = file.read1(1 << 16)
            packed += len(piece)
            text += inflate.decompress(piece)
    return packed, text


def compress_line(newswire, options):
    if not capable(newswire.port, "COMPRESS DEFLATE"):
        print("bench: COMPRESS DEFLATE: not offered", flush=True)
        return
    ratios, shares = [], []
    for _ in range(options.runs):
        before = cpu_s(newswire.tasks)
        packed, text = deflated(newswire.port, options.count)
        served_s = cpu_s(newswire.tasks) - before
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["gzip", "-6"], input=text, check=True,
                       stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        gzip_s = (after.ru_utime + after.ru_stime -
                  used.ru_utime - used.ru_stime)
        ratios.append(len(text) / packed)
        shares.append(served_s / gzip_s)
    smaller, share = statistics.median(ratios), statistics.median(shares)
    print(f"bench: COMPRESS DEFLATE, OVER: {smaller:.2f} times smaller "
          f"[at least 3: {'met' if smaller >= 3 else 'MISSED'}] for "
          f"{100 * share:.0f} % of the CPU of gzip -6 [at most 25 %: "
          f"{'met' if share <= 0.25 else 'MISSED'}]", flush=True)


def dump(load, path, first, count):
    """Articles of the generator as a batch."""
    with open(path, "wb") as file:
        subprocess.run([load, "dump", "-f", str(first), "-N", str(count)],
                       stdout=file, check=True)


def fill(load, storefill, store, count, first=0, options=(), group=GROUP):
    """Articles into a store: seconds, and seconds of CPU."""
    batch = store + ".batch"
    dump(load, batch, first, count)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    with open(batch, "rb") as file:
        subprocess.run([storefill, *options, store, group], stdin=file,
                       stdout=subprocess.DEVNULL, check=True)
    wall_s = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.remove(batch)
    return wall_s, (after.ru_utime + after.ru_stime -
                    used.ru_utime - used.ru_stime)


def fill_line(load, options, home):
    store = os.path.join(home, "newswire.db")
    wall_s, used_s = fill(load, options.storefill, store, options.count)
    plain = os.path.getsize(store)
    rate = options.count / wall_s
    print(f"bench: filling, a durable transaction for 1000: {rate:.4g}/s, "
          f"{1e6 * used_s / options.count:.3g} µs of CPU an article [at least "
          f"30000/s or at most 33 µs: "
          f"{'met' if max(rate, options.count / used_s) >= 3e4 else 'MISSED'}"
          "]", flush=True)
    other = store + "-search"
    wall_s, searched_s = fill(load, options.storefill, other, options.count,
                              options=["--search"])
    more = os.path.getsize(other) - plain
    print(f"bench: filling with an index of FTS5: {options.count / wall_s:.4g}"
          "/s; the index takes "
          f"{1e6 * (searched_s - used_s) / options.count:.3g} µs of CPU and "
          f"{more / options.count:.0f} octets an article", flush=True)
    os.remove(other)


def writer_line(load, newswire, options, home):
    """What a writer that stores one article at a time costs readers."""
    store = os.path.join(home, "newswire.db")
    figure = Figure("", "an article", "article -N {n} -d 3 -k 8")
    batch = os.path.join(home, "writer.batch")
    alone, beside = [], []
    for run in range(options.runs):
        alone.append(measure(load, newswire, figure, options.count))
        # Other ones each time: what is known is not written.
        dump(load, batch, 2 * options.count + run * WRITTEN, WRITTEN)
        with open(batch, "rb") as file:
            writer = subprocess.Popen(
                [options.storefill, "--transaction", "1", "--groups", "100",
                 store, "test.writer"], stdin=file, stdout=subprocess.DEVNULL)
            time.sleep(1)
            beside.append(measure(load, newswire, figure, options.count))
            writer.kill()
            writer.wait()
    os.remove(batch)
    share = ratio_by_cpu(beside, alone)
    p99 = median(beside, "p99")
    print(f"bench: beside a writer of one article at a time: {share:.2f} by "
          f"CPU ({ratio(beside, alone):.2f} by rate), "
          f"{median(beside, 'cpu'):.3g} µs an article instead of "
          f"{median(alone, 'cpu'):.3g}, 99 % of replies within {p99:.0f} µs "
          f"(alone {median(alone, 'p99'):.0f}) [at least 0.8: "
          f"{'met' if share >= 0.8 else 'MISSED'}; at most 5000 µs: "
          f"{'met' if p99 <= 5000 else 'MISSED'}]", flush=True)


def growth(load, options, folder, base):
    """The figures again, with more articles and with more groups."""
    for what, count in (("articles", options.count * GROWN),
                        ("groups", options.count)):
        home = os.path.join(folder, what)
        os.mkdir(home)
        store = os.path.join(home, "newswire.db")
        fill(load, options.storefill, store, count)
        if what == "groups":
            fill(load, options.storefill, store, 10 * GROUPS, first=count,
                 options=["--groups", str(GROUPS), "--transaction", "10"],
                 group="test.more")
        print(f"bench: with {count} articles"
              f"{f' and {GROUPS} more groups' if what == 'groups' else ''}:")
        grown = argparse.Namespace(**vars(options))
        grown.count = count
        newswire = Newswire(options.newswire, home)
        for figure in options.figures + ((LIST,) if what == "groups" else ()):
            plain = Figure(figure.name, figure.unit, figure.arguments)
            if figure is LIST:
                plain = figure
            reached = figure_line(load, [newswire], plain, grown)
            was = base.get(figure.name)
            if reached and was:
                worse = reached["cpu"] / was["cpu"]
                print(f"bench:   {worse:.2f} times the CPU [at most 1.3: "
                      f"{'met' if worse <= 1.3 else 'MISSED'}]", flush=True)
        newswire.end()
        shutil.rmtree(home)


def run(options, folder):
    load = generator(folder)
    home = os.path.join(folder, "home")
    os.mkdir(home)
    fill_line(load, options, home)
    newswire = Newswire(options.newswire, home)
    limit = Limit(load, options.count)
    batch = os.path.join(folder, "inn.batch")
    dump(load, batch, 0, options.count)
    with rival.inn_with(batch, GROUP, options.count) as inn:
        servers = [newswire, limit, inn] + [rival.Rival(text)
                                            for text in options.rival]
        base = {figure.name: figure_line(load, servers, figure, options)
                for figure in options.figures}
    limit.end()
    memory_line(load, options, home)
    compress_line(newswire, options)
    writer_line(load, newswire, options, home)
    newswire.end()
    shutil.rmtree(home)
    if options.growth:
        growth(load, options, folder, base)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("newswire")
    parser.add_argument("storefill")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--only", default="")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--rival", action="append", default=[])
    options = parser.parse_args()
    options.figures = tuple(figure for figure in FIGURES
                            if options.only in figure.name)
    with tempfile.TemporaryDirectory(prefix="newswire-bench-") as folder:
        run(options, folder)


if __name__ == "__main__":
    main()
