# SPDX-License-Identifier: MIT
# weaksup annotate on a terminal of its own: annotate.py PROGRAM. Standard library only.
import json
import os
import pty
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
import fcntl

program = os.path.realpath(sys.argv[1])
WAIT = 60  # seconds; only a failure waits so long
bad = 0


class Terminal:
    def __init__(self, *arguments, columns=60):
        self.seen = b""
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in 0, 1, 2:
                os.dup2(self.slave, fd)
            os.closerange(3, 64)
            os.execv(program, ["weaksup", *arguments])

    def until(self, wanted, count=1):
        """Reads until the text was seen so often behind what was read before."""
        wanted = wanted.encode()
        read = b""
        end = time.monotonic() + WAIT
        while read.count(wanted) < count:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"expected {wanted!r}, found {read!r}")
            try:
                piece = os.read(self.master, 4096)
            except OSError:
                piece = b""
            if not piece:
                raise AssertionError(f"expected {wanted!r}, found {read!r} and the end")
            read += piece
        self.seen += read
        return read.decode()

    def press(self, keys):
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def press_each(self, keys):
        """Each key shows the next record, and its prompt."""
        for key in keys:
            self.press(key)
            self.until("> ")

    def end(self):
        """The exit status, as os.waitpid gives it, once the rest was read."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            while select.select([self.master], [], [], 0.01)[0]:
                try:
                    self.seen += os.read(self.master, 4096)
                except OSError:
                    break
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError(f"expected the end, found {self.seen[-300:]!r}")

    def restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        os.close(self.master)
        os.close(self.slave)


def lines():
    with open("dev.jsonl", "rb") as file:
        data = file.read()
    assert not data or data.endswith(b"\n"), f"expected whole lines, found {data!r}"
    return [json.loads(line) for line in data.splitlines()]


def labels():
    return [(line["id"], line["label"]) for line in lines()]


def start(*more, **how):
    t = Terminal("annotate", "records.jsonl", "--classes", "HAM,SPAM", "--id", "id", "--out", "dev.jsonl", *more, **how)
    t.until("> ")
    return t


def write(records, name="records.jsonl"):
    with open(name, "w") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")


def five():
    write([{"id": f"r{i}", "n": i, "text": f"the text number {i}"} for i in range(5)])


def answers_are_appended_at_once():
    five()
    t = start()
    t.press_each("21")
    assert labels() == [("r0", "SPAM"), ("r1", "HAM")]
    assert lines()[1]["n"] == 1
    t.press("q")
    assert t.end() == 0
    assert t.restored()
    assert b"2 labels written to dev.jsonl" in t.seen


def it_says_how_the_labels_come_to_the_task():
    for task, says in (None, True), ('dev = "dev.jsonl"\n', False), ("", True):
        five()
        if task is not None:
            with open("weaksup.lua", "w") as file:
                file.write('classes = { "HAM", "SPAM" }\nid = "id"\n' + task)
        more = [] if task is not None else ["--classes", "HAM,SPAM", "--id", "id"]
        t = Terminal("annotate", "records.jsonl", "--out", "dev.jsonl", *more)
        t.until("> ")
        t.press_each("2")
        t.press("q")
        assert t.end() == 0
        said = b'dev = "dev.jsonl"' in t.seen and b"--dev dev.jsonl" in t.seen
        assert said == says, t.seen
        os.remove("dev.jsonl")
    t = start()  # nothing is written, nothing is to be said
    t.press("q")
    assert t.end() == 0 and b"weaksup.lua" not in t.seen
    t = start()
    t.press("1q")
    assert t.end() == 0 and b"\n1 label written" in t.seen
    os.remove("weaksup.lua")


def undo_takes_back_its_own_lines_only():
    five()
    with open("dev.jsonl", "w") as file:  # without a line end, as editors leave it
        file.write('{"id":"x","text":"of others","label":"HAM"}')
    before = open("dev.jsonl", "rb").read()
    t = start()
    t.press_each("2s1")
    t.press_each("uuu")
    assert open("dev.jsonl", "rb").read() == before
    t.press("u")
    t.until("nothing to undo\r\n> ")
    t.press_each("1")
    assert labels() == [("x", "HAM"), ("r0", "HAM")]
    with open("dev.jsonl", "a") as file:
        file.write('{"id":"y","text":"a second terminal","label":"HAM"}\n')
    t.press("u")
    t.until("was taken back\r\n> ")
    assert [name for name, _ in labels()] == ["x", "r0", "y"]
    t.press("q")
    assert t.end() == 0


def it_goes_on_where_it_stopped():
    five()
    t = start()
    t.press_each("1s2")
    t.press("q")
    t.end()
    t = start()
    assert b"2 records are labelled already" in t.seen
    assert b"1 of 3, id r1" in t.seen
    t.press("222")
    assert t.end() == 0
    assert sorted(labels()) == [("r0", "HAM"), ("r1", "SPAM"), ("r2", "SPAM"), ("r3", "SPAM"), ("r4", "SPAM")]
    t = Terminal("annotate", "records.jsonl", "--classes", "HAM,SPAM", "--id", "id", "--out", "dev.jsonl")
    t.until("no records are left")
    assert t.end() == 0


def kill_leaves_whole_lines():
    write([{"id": f"k{i}", "text": f"{i} " + "word " * 20000} for i in range(400)])
    known = 0
    for wait in (0.0, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05):
        t = start()
        t.press("12" * 40)
        time.sleep(wait)
        os.kill(t.pid, signal.SIGKILL)
        os.waitpid(t.pid, 0)
        with open("dev.jsonl", "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # the last line may be on its way
        found = labels()
        assert len(found) >= known and len(set(found)) == len(found)
        known = len(found)
    t = start()
    t.press_each("1")
    assert len(labels()) == known + 1
    t.press("q")
    t.end()


def signals_restore_the_terminal():
    for how in (b"\x03", signal.SIGTERM, signal.SIGHUP):
        five()
        t = start()
        assert not t.restored()
        t.press_each("1")
        if isinstance(how, bytes):
            t.press(how)
        else:
            os.kill(t.pid, how)
        status = t.end()
        expected = signal.SIGINT if isinstance(how, bytes) else how
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == expected, status
        assert t.restored()
        assert labels() == [("r0", "HAM")]
        os.remove("dev.jsonl")


def texts_cannot_act():
    hostile = "\x1b]0;title\x07\x1b[2J\x1b[31m\u202egnp.exe\u2066 \x9b5n \x00 \r\rover " + "\u7b46" * 70 + "\tend\nline two"
    write([{"id": "\x1b[1mh\n", "text": hostile, "\x1b[2J": "\x1b[2J"}])
    t = start(columns=40)
    shown = t.seen.decode()
    for c in shown:
        assert c in "\n\r\a" or ord(c) >= 32 and not 0x7F <= ord(c) < 0xA0, repr(c)
        assert c not in "\u202e\u2066"
    for line in shown.split("\n"):
        width = sum(2 if "\u4e00" <= c <= "\u9fff" else 1 for c in line.rstrip("\r"))
        assert width <= 40, line
    assert shown.count("\u7b46") == 70
    assert "\n  line two" in shown.replace("\r", "")
    t.press("2")
    assert t.end() == 0
    assert lines() == [{"id": "\x1b[1mh\n", "text": hostile, "\x1b[2J": "\x1b[2J", "label": "SPAM"}]


def other_keys_do_nothing():
    five()
    t = start()
    t.press(b"\x1b[A")  # an arrow: A is no answer
    t.until("shows the keys\r\n> ")
    t.press("3")
    t.until("shows the keys\r\n> ")
    t.press("\u00e9")
    t.until("shows the keys\r\n> ", 2)
    t.press("?")
    assert "1 HAM" in t.until("> ")
    assert not os.path.exists("dev.jsonl") or lines() == []
    t.press(b"\x04")
    assert t.end() == 0


def many_classes_have_letters():
    five()
    names = ",".join(f"c{i}" for i in range(57))
    t = Terminal("annotate", "records.jsonl", "--classes", names, "--id", "id", "--out", "dev.jsonl")
    t.until("> ")
    t.press_each("9arZ")
    assert [label for _, label in labels()] == ["c8", "c9", "c24", "c56"]
    t.press("q")
    t.end()
    t = Terminal("annotate", "records.jsonl", "--classes", names + ",c57", "--out", "dev.jsonl")
    t.until("expected at most 57 classes")
    assert os.WEXITSTATUS(t.end()) == 1


def files_that_cannot_be_appended_to_are_refused():
    five()
    with open("torn.jsonl", "w") as file:
        file.write('{"id":"x","text":"a","la')
    os.mkfifo("pipe.jsonl")
    for out, why in (("records.jsonl", "that of the records"), ("dev.csv", ".jsonl"), ("torn.jsonl", "torn.jsonl:1"), ("pipe.jsonl", "pipe.jsonl: expected a file"), ("no/dev.jsonl", "cannot open")):
        t = Terminal("annotate", "records.jsonl", "--classes", "HAM,SPAM", "--out", out, columns=200)
        t.until(why)
        assert os.WEXITSTATUS(t.end()) == 1, out
        assert t.restored()
    assert len(open("records.jsonl").readlines()) == 5


def a_run_is_asked_about():
    write([{"text": f"{a} {b} {i}"} for i, (a, b) in enumerate((a, b) for a in "abcdefgh" for b in "xyz")], "data.jsonl")
    os.mkdir("lfs")
    with open("lfs/a.rules", "w") as file:
        file.write("x SPAM /x/\ny HAM /y/\nab SPAM /^[abcd]/\n")
    with open("weaksup.lua", "w") as file:
        file.write('classes = { "HAM", "SPAM" }\ndata = "data.jsonl"\n')
    t = Terminal("fit", "lfs", "-q", "--no-classifier")
    assert t.end() == 0, t.seen
    t = Terminal("annotate", "run")
    t.until("--out dev.jsonl")
    assert os.WEXITSTATUS(t.end()) == 1
    t = Terminal("annotate", "run", "--out", "dev.jsonl", "--records", "6")
    t.until("> ")
    t.press("121212")
    assert t.end() == 0
    first = [line["text"] for line in lines()]
    assert len(set(first)) == 6
    t = Terminal("annotate", "run", "--out", "dev.jsonl", "--records", "3", "--by", "diverse")
    t.until("> ")
    t.press("111")
    assert t.end() == 0
    assert len({line["text"] for line in lines()}) == 9
    assert all(line["label"] in ("HAM", "SPAM") for line in lines())
    t = Terminal("fit", "lfs", "-q", "--no-classifier", "--dev", "dev.jsonl")
    assert t.end() == 0, t.seen
    t = Terminal("annotate", "run", "--records", "1")  # the dev set of the run
    t.until("> ")
    t.press("1")
    assert t.end() == 0
    assert len({line["text"] for line in lines()}) == 10


def a_run_that_was_copied_with_its_task_says_where_labels_go():
    os.mkdir("t")
    write([{"text": f"{a} {b}"} for a in "abcdefgh" for b in "xyz"], "t/data.jsonl")
    write([{"text": "x x", "label": "SPAM"}, {"text": "y y", "label": "HAM"}], "t/dev.jsonl")
    os.mkdir("t/lfs")
    with open("t/lfs/a.rules", "w") as file:
        file.write("x SPAM /x/\ny HAM /y/\n")
    with open("t/weaksup.lua", "w") as file:
        file.write('classes = { "HAM", "SPAM" }\ndata = "data.jsonl"\ndev = "dev.jsonl"\n')
    t = Terminal("fit", "t/lfs", "-q", "--no-classifier", "--out", "t/run")
    assert t.end() == 0, t.seen
    shutil.copytree("t", "u")
    for arguments, says in ((["t/run"], False), (["u/run"], True), (["u/run", "--out", "u/dev.jsonl"], False)):
        t = Terminal("annotate", *arguments, "--records", "1", columns=200)
        t.until("> ")
        t.press("q")
        assert t.end() == 0
        said = b"labels are appended to t/dev.jsonl" in t.seen and b"is u/dev.jsonl" in t.seen
        assert said == says, t.seen


def the_loop_goes_on_after_a_kill():
    with open("data.jsonl", "w") as file:
        for i in range(40):
            text = f"record {i} " + ("win money now" if i % 2 else "see you later") + f" w{i * 7}"
            file.write(json.dumps({"text": text}) + "\n")
    os.mkdir("lfs")
    with open("lfs/a.rules", "w") as file:
        file.write("win SPAM /money/\nlater HAM /later/\nsee HAM /see/\n")
    with open("weaksup.lua", "w") as file:
        file.write('classes = { "HAM", "SPAM" }\ndata = "data.jsonl"\ndev = "dev.jsonl"\n')
    command = ("active", "lfs", "--oracle", "human", "--budget", "6", "--batch", "4", "--no-classifier", "-q")
    t = Terminal(*command)
    t.until("> ")
    t.press("1")
    t.until("2 of 4")
    t.press("s")
    t.until("3 of 4")
    t.press("2")
    t.until("4 of 4")
    t.press("u")
    t.until("3 of 4")
    os.kill(t.pid, signal.SIGKILL)
    t.end()
    assert len(lines()) == 1
    t = Terminal(*command)
    t.until("1 of 2")
    t.press("1")
    t.until("2 of 2")
    t.press("q")
    assert t.end() == 0
    t = Terminal(*command)
    t.until("1 of 1")
    t.press("2")
    t.until("1 of 2")
    t.press("11")
    assert t.end() == 0, t.seen
    assert len({line["text"] for line in lines()}) == 5  # six asked about, one skipped
    with open("run/active.jsonl") as file:
        journal = [json.loads(line) for line in file]
    assert [line["round"] for line in journal if "round" in line] == [0, 1, 2]
    answered = [line["answer"] for line in journal if "answer" in line]
    assert len(set(answered)) == 6 and len(answered) == 7  # one was undone
    t = Terminal(*command[:-1], "--json")
    assert t.end() == 0
    assert b'"skipped": 1,' in t.seen, t.seen


for case in list(globals().values()):
    if not callable(case) or getattr(case, "__module__", "") != "__main__" or case in (Terminal, lines, labels, start, write, five):
        continue
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            case()
            print("ok", case.__name__)
        except AssertionError as e:
            print("FAILED", case.__name__, e, "line", e.__traceback__.tb_next.tb_lineno)
            bad = 1
        os.chdir("/")
sys.exit(bad)
