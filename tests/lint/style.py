# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine can check of the code's rules (CONTRIBUTING.md)."""
import os
import re
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import source
import tap

FILE_LINES = 500
FUNCTION_LINES = 80
PARAMETERS = 5
ERROR = re.compile(r"nw_error|GError")
COLUMNS = 80
BANNED = ("strcpy strcat sprintf vsprintf strncpy strncat strtok gets atoi "
          "atol sscanf alloca").split()

C = source.files(".c", ".h")
PRODUCT = [path for path in C if not path.startswith("tests/")]


def columns(line):
    return len(line.expandtabs(8))


def functions(text):
    """(name, parameters, line, lines) of each definition at column 0."""
    bare = source.bare(text)
    for match in re.finditer(
            r"^(?!static const|struct \w+ \{|enum|union|#)[A-Za-z_][^;{}=#]*?"
            r"(\w+)\(([^{};]*)\)\s*\n\{", bare, re.M):
        start = match.end() - 1
        end = bare.find("\n}", start)
        line = bare.count("\n", 0, match.start()) + 1
        yield (match[1], match[2], line, bare.count("\n", start, end) + 1)


def parameters(text):
    depth, count = 0, 0 if text.strip() in ("", "void") else 1
    for c in text:
        depth += (c == "(") - (c == ")")
        count += c == "," and depth == 0
    return count


def check(what, faults):
    faults = list(faults)
    tap.ok(not faults, what, *faults)


check(f"no file is longer than {FILE_LINES} lines",
      (f"{p}: {n}" for p in C
       if (n := source.read(p).count("\n")) > FILE_LINES))
check(f"no line is wider than {COLUMNS} columns",
      (f"{p}:{i}" for p in PRODUCT
       for i, line in enumerate(source.read(p).split("\n"), 1)
       if columns(line) > COLUMNS))
check(f"no function is longer than {FUNCTION_LINES} lines",
      (f"{p}:{line}: {name} has {n}" for p in C
       for name, _, line, n in functions(source.read(p))
       if n > FUNCTION_LINES))
check(f"no function has more than {PARAMETERS} parameters beside err",
      (f"{p}:{line}: {name}" for p in PRODUCT if p.endswith(".c")
       for name, args, line, _ in functions(source.read(p))
       if name.startswith("nw_") is False
       and parameters(args) > PARAMETERS + bool(ERROR.search(args))))
check("no banned function is called",
      (f"{p}: {m[0]}" for p in C
       for m in re.finditer(r"\b(?:%s)\s*\(" % "|".join(BANNED),
                            source.bare(source.read(p)))))
check("no type is hidden behind a typedef",
      (p for p in PRODUCT if re.search(r"^\s*typedef (?!(void|int|gboolean) nw_\w+)",
                                       source.bare(source.read(p)), re.M)))
check("fail is the only label that is jumped to",
      (f"{p}: {m[1]}" for p in PRODUCT
       for m in re.finditer(r"\bgoto (\w+)", source.bare(source.read(p)))
       if m[1] != "fail"))
check("no variable is global but constant tables",
      (f"{p}: {m[0].strip()}" for p in PRODUCT if p.endswith(".c")
       # Claws Mail's callbacks carry nothing of ours.
       and '#include "claws.h"' not in source.read(p)
       for m in re.finditer(r"^(?:static )?(?!const|static|extern|struct \w+ "
                            r"\{|return|typedef|enum)[a-z][\w ]*\*? ?\w+"
                            r"(?:\[\w*\])?(?: =[^;]*)?;$",
                            source.bare(source.read(p)), re.M)
       if " const" not in m[0] and "const " not in m[0]
       and m[0] != "static char empty[1];"))
check("nothing is left for later in the code",
      (f"{p}: {m[0]}" for p in C
       for m in re.finditer(r"\b(TODO|FIXME|XXX)\b", source.read(p))))
check("every source names its licence in the first line",
      (p for p in source.files(".c", ".h", ".py", ".sh")
       if "SPDX-License-Identifier: GPL-3.0-or-later"
       not in "\n".join(source.read(p).split("\n")[:2])))
tap.done()
