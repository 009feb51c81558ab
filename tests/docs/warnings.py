# SPDX-License-Identifier: MIT
# Every warning of the program is explained on docs/troubleshooting.md: a run of four of its words
# (or all of a shorter one) stands there. The texts are taken from the sources: what cli says as a
# warning, what the model finds, what is noted of labeling functions. Standard library only.
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
RUN = 4


def words(text):
    return re.findall(r"[\w'’=.-]*\w", text.replace("`", "").replace("'", "").lower())


page = " " + " ".join(words((root / "docs" / "troubleshooting.md").read_text())) + " "


def pieces(text):
    """What stands between the values that are put in."""
    return re.split(r"%[-+#0 ]*[\d.*]*(?:ll|z)?[a-zA-Z%]|\.\.\.", text)


def is_explained(text):
    for piece in pieces(text):
        some = words(piece)
        for i in range(max(1, len(some) - RUN + 1)):
            run = some[i : i + RUN]
            if len(run) >= 2 and f" {' '.join(run)} " in page:
                return True
    return False


def argument(source, start):
    """What stands between the parenthesis that opened before `start` and the one that closes it."""
    depth, at = 1, start
    while depth:
        found = re.compile(r'"(?:[^"\\]|\\.)*"|[()]').search(source, at)
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        at = found.end()
    return source[start : at - 1]


def text_of(code):
    """Its literals; a value where more than blanks stand between two of them."""
    text, end = "", 0
    for literal in LITERAL.finditer(code):
        text += ("" if not end or code[end : literal.start()].isspace() else " %s ") + literal.group(1)
        end = literal.end()
    return text.replace('\\"', '"').strip()


def warnings_of_commands():
    for path in sorted((root / "cli").glob("*.c")):
        source = path.read_text()
        for call in re.finditer(r"\bsay_warning\(", source):
            text = text_of(argument(source, call.end()))
            # how many more there are of one that was told before, and what comes from elsewhere
            if len(words(" ".join(pieces(text)))) >= 2 and not text.startswith("%zu more"):
                yield path, text


def findings():
    for path in sorted((root / "model").glob("diagnosis_*.c")):
        for function in path.read_text().split("\n}\n"):
            calls = re.finditer(r"\bws_buffer_(?:printf|string)\(", function)
            text = " %s ".join(text_of(argument(function, call.end())) for call in calls)
            if "ws__finding_add" in function and len(words(" ".join(pieces(text)))) >= 2:
                yield path, text


def notes():
    for path in [root / "lf" / "lua_notes.c", root / "lf" / "lf_tests.c"]:
        source = path.read_text()
        for call in re.finditer(r"\b(?:lua_push\w+|ws_buffer_printf)\(", source):
            text = text_of(argument(source, call.end()))
            if len(words(text)) >= RUN:
                yield path, text


bad, count = 0, 0
for path, text in [*warnings_of_commands(), *findings(), *notes()]:
    count += 1
    if not is_explained(text):
        print(f"docs/troubleshooting.md: nothing about '{text}' ({path.relative_to(root)})")
        bad += 1
if count < 50:
    sys.exit(f"expected 50 warnings or more in the sources, found {count}")
print(f"{count} warnings, {bad} without a word on the page")
sys.exit(bad > 0)
