# SPDX-License-Identifier: MIT
# The questions of `weaksup init`, answered on a terminal: init.py PROGRAM
import os
import pathlib
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.realpath(sys.argv[1])
SECONDS = 60


def talk(arguments, answers):
    """Runs the program on a terminal; each answer is (what it must say, what is typed)."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(PROGRAM, [PROGRAM, *arguments])
    said, at, ends = b"", 0, time.monotonic() + SECONDS
    answers = list(answers)
    while time.monotonic() < ends:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        said += piece
        while answers and answers[0][0].encode() in said[at:]:
            question, answer = answers.pop(0)
            at = said.index(question.encode(), at) + len(question.encode())
            os.write(terminal, answer.encode())
    else:
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    os.close(terminal)
    text = said.decode(errors="replace")
    assert not answers, f"never asked: {answers[0][0]!r}\n{text}"
    return status, text


def check(condition, text):
    if not condition:
        print(text)
        raise SystemExit("not as expected")


def main():
    rows = [f"n{i},this is a {'good' if i % 2 else 'bad'} thing {i},{'+' if i % 2 else '-'}"
            for i in range(40)]
    pathlib.Path("data.csv").write_text("nr,says,mood\n" + "\n".join(rows) + "\n")

    # Enter takes what is proposed; a file that is not there is asked for again.
    status, text = talk(["init", "one"], [
        ("also .gz): ", "nothing.csv\n"), ("also .gz): ", "data.csv\n"),
        ("text [says]: ", "\n"), ("none) [nr]: ", "\n"), ("none) [mood]: ", "\n"),
        ("between them [+,-]: ", "\n")])
    check(status == 0, text)
    check("there is no file 'nothing.csv'" in text and "40 records" in text, text)
    task = pathlib.Path("one/weaksup.lua").read_text()
    check('classes = { "+", "-" }' in task and 'gold = "mood"' in task, task)
    subprocess.run([PROGRAM, "test", "one/lfs"], check=True, stdout=subprocess.DEVNULL)

    # Other answers than those; what is no field, and what are no classes, is asked for again.
    status, text = talk(["init", "two", "--data", "data.csv"], [
        ("text [says]: ", "sayz\n"), ("text [says]: ", "says\n"), ("none) [nr]: ", "-\n"),
        ("none) [mood]: ", "none\n"), ("[POSITIVE,NEGATIVE]: ", "only\n"),
        ("[POSITIVE,NEGATIVE]: ", "bad, good\n")])
    check(status == 0 and "did you mean 'says'" in text, text)
    task = pathlib.Path("two/weaksup.lua").read_text()
    check('classes = { "bad", "good" }' in task and "\nid" not in task, task)

    # What is given is not asked for.
    status, text = talk(["init", "three", "--data", "data.csv", "--text", "says", "--id", "nr",
                         "--gold", "mood", "--classes", "+,-"], [])
    check(status == 0 and "Field of" not in text, text)

    # Ctrl-C and the end of the input leave nothing behind.
    status, text = talk(["init", "four", "--data", "data.csv"], [("text [says]: ", "\x03")])
    check(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT, text)
    status, text = talk(["init", "four", "--data", "data.csv"], [("text [says]: ", "\x04")])
    check(os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1, text)
    check("found the end of the input" in text, text)
    check(sorted(os.listdir()) == ["data.csv", "one", "three", "two"], os.listdir())


with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    main()
