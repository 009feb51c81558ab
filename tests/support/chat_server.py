#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server of chat completions that misbehaves as the path of the URL says: chat_server.py
FOLDER. Writes its port to FOLDER/port, and each request it gets to FOLDER/NUMBER.json. Ends
with its standard input, so that it never outlives its test."""
import gzip
import json
import os
import socketserver
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler

folder = sys.argv[1]
lock = threading.Lock()
counts = {}


def completion(text, **more):
    answer = {"model": "stub-1", "choices": [{"message": {"role": "assistant", "content": text},
              "finish_reason": "stop"}], "usage": {"prompt_tokens": 11, "completion_tokens": 3}}
    answer.update(more)
    return json.dumps(answer).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def give(self, status, body, **headers):
        self.send_response(status)
        names = {k.replace("_", "-"): v for k, v in headers.items()}
        names.setdefault("Content-Type", "application/json")
        names.setdefault("Content-Length", str(len(body)))
        for name, value in names.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.path.split("?")[0].split("/")[1]
        with lock:
            counts[kind] = nth = counts.get(kind, 0) + 1
            number = sum(counts.values())
        with open(f"{folder}/{number}.json", "w") as out:
            json.dump({"path": self.path, "headers": dict(self.headers),
                       "body": json.loads(body)}, out)
        getattr(self, "on_" + kind)(nth, json.loads(body))

    def on_v1(self, nth, body):
        self.give(200, completion("hello"))

    def on_label(self, nth, body):
        prompt = body["messages"][-1]["content"]
        if "refuse" in prompt:
            self.give(400, b'{"error": {"message": "I will not"}}')
        else:
            label = "B" if "say B" in prompt else "A"
            self.give(200, completion(json.dumps({"label": label})))

    def on_429(self, nth, body):
        if nth == 1:
            self.give(429, b'{"error": {"message": "slow down"}}', Retry_After="1")
        else:
            self.give(200, completion("after waiting"))

    def on_long429(self, nth, body):
        self.give(429, b'{"error": "come back tomorrow"}', Retry_After="86400")

    def on_500(self, nth, body):
        if nth <= 2:
            self.give(500, b"oops \x1b[31m red")
        else:
            self.give(200, completion("third time"))

    def on_always500(self, nth, body):
        self.give(503, b"{}")

    def on_504(self, nth, body):
        if nth <= 2:
            self.give(504, b"<html>Gateway Time-out</html>")
        else:
            self.give(200, completion("third time"))

    def on_400(self, nth, body):
        self.give(400, b'{"error": {"message": "no such model"}}')

    def on_newname(self, nth, body):
        if "max_tokens" in body:
            self.give(400, b'{"error": {"message": "use \'max_completion_tokens\' instead"}}')
        else:
            self.give(200, completion("renamed"))

    def on_401(self, nth, body):
        said = "Incorrect API key provided: " + self.headers.get("Authorization", "").split()[-1]
        self.give(401, json.dumps({"error": {"message": said}}).encode())

    def on_echo(self, nth, body):
        self.give(200, completion("your key is " + self.headers["Authorization"].split()[-1]))

    def on_echotype(self, nth, body):
        key = self.headers["Authorization"].split()[-1]
        self.give(200, b"[]", Content_Type="text/" + "a" * 80 + key)

    def on_echolocation(self, nth, body):
        key = self.headers["Authorization"].split()[-1]
        self.give(302, b"", Location="http://127.0.0.1:1/?key=" + key)

    def on_header(self, nth, body):
        self.give(200, completion("late"), X_Long="a" * (1 << 20))

    def on_slow(self, nth, body):
        time.sleep(3)
        self.give(200, completion("late"))

    def on_chunked(self, nth, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        whole = completion("in pieces \u00e9")
        for i in range(0, len(whole), 7):
            piece = whole[i:i + 7]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def on_truncated(self, nth, body):
        whole = completion("cut off")
        self.give(200, whole[:30], Content_Length=str(len(whole)))
        self.close_connection = True
        self.connection.shutdown(2)

    def on_gzip(self, nth, body):
        self.give(200, gzip.compress(completion("unpacked")), Content_Encoding="gzip")

    def on_bomb(self, nth, body):
        self.give(200, gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip")

    def on_badgzip(self, nth, body):
        self.give(200, b"this is no gzip at all", Content_Encoding="gzip")

    def on_html(self, nth, body):
        self.give(200, b"<html>log in first</html>", Content_Type="text/html")

    def on_texttype(self, nth, body):
        self.give(200, completion("json all the same"), Content_Type="text/plain")

    def on_redirect(self, nth, body):
        self.give(302, b"", Location="http://127.0.0.1:1/v1/chat/completions")

    def on_large(self, nth, body):
        self.give(200, completion("x" * (2 << 20)))

    def on_huge(self, nth, body):
        self.give(200, completion("x" * (16 << 20)))

    def on_half(self, nth, body):
        whole = completion("half")
        self.give(200, whole[:len(whole) // 2])

    def on_closed(self, nth, body):
        self.close_connection = True
        self.connection.shutdown(2)

    def on_nochoice(self, nth, body):
        self.give(200, b'{"choices": []}')

    def on_nulltext(self, nth, body):
        self.give(200, b'{"choices": [{"message": {"content": null}, "finish_reason": "stop"}]}')

    def on_nousage(self, nth, body):
        self.give(200, completion("four", usage=None))

    def on_badusage(self, nth, body):
        self.give(200, completion("liar", usage={"prompt_tokens": -5,
                                                 "completion_tokens": 10 ** 17}))

    def on_length(self, nth, body):
        self.give(200, completion("and then", choices=[
            {"message": {"content": "and then"}, "finish_reason": "length"}]))

    def on_notutf8(self, nth, body):
        self.give(200, completion("X").replace(b'"X"', b'"\xff\xfe"'))

    def on_surrogate(self, nth, body):
        self.give(200, completion("X").replace(b'"X"', b'"\\ud800"'))


    def on_retrydate(self, nth, body):
        later = formatdate(time.time() + 2, usegmt=True)
        self.once429(nth, later)

    def on_retryzero(self, nth, body):
        self.once429(nth, "0")

    def on_retrynegative(self, nth, body):
        self.once429(nth, "-5")

    def on_retryword(self, nth, body):
        self.once429(nth, "soon")

    def on_retrypast(self, nth, body):
        self.once429(nth, "Thu, 01 Jan 1970 00:00:01 GMT")

    def once429(self, nth, when):
        if nth == 1:
            self.give(429, b"{}", Retry_After=when)
        else:
            self.give(200, completion("after waiting"))

    def pieces(self, piece, wait):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
                time.sleep(wait)
        except OSError:
            self.close_connection = True

    def on_endless(self, nth, body):
        self.pieces(b" " * 65536, 0)

    def on_trickle(self, nth, body):
        self.pieces(b"{", 0.05)

    def on_204(self, nth, body):
        self.send_response(204)
        self.end_headers()

    def on_empty(self, nth, body):
        self.give(200, b"")

    def on_sse(self, nth, body):
        self.give(200, b'data: {"choices":[{"delta":{"content":"A"}}]}\n\ndata: [DONE]\n\n',
                  Content_Type="text/event-stream")

    def on_bom(self, nth, body):
        self.give(200, b"\xef\xbb\xbf" + completion("behind a mark"))

    def say(self, finish, **message):
        self.give(200, completion("", choices=[{"message": message, "finish_reason": finish}]))

    def on_parts(self, nth, body):
        self.say("stop", content=[{"type": "thinking", "thinking": "hm"}, 7,
                                  {"type": "text", "text": "in "}, {"type": "image"},
                                  {"type": "text", "text": "parts"}, {"type": "text"}])

    def on_noparts(self, nth, body):
        self.say("stop", content=[{"type": "thinking", "thinking": "hm"}])

    def on_refusal(self, nth, body):
        self.say("stop", content=None, refusal="I \x1b[31mmust not")

    def on_refusalpart(self, nth, body):
        self.say("stop", content=[{"type": "refusal", "refusal": "not for you"}])

    def on_filtered(self, nth, body):
        self.say("content_filter", content=None)

    def on_halffiltered(self, nth, body):
        self.say("content_filter", content="and then he")

    def on_thought(self, nth, body):
        self.say("length", content=None, reasoning_content="let me see")

    def on_error200(self, nth, body):
        self.give(200, b'{"error": {"message": "no provider has this model", "code": 502}}')

    def on_errortext(self, nth, body):
        self.give(200, b'{"error": "out of credit"}')

    def on_errorchoice(self, nth, body):
        self.give(200, b'{"choices": [{"error": {"message": "lost on the way"}}]}')

    def on_errorecho(self, nth, body):
        said = "x" * 290 + self.headers["Authorization"].split()[-1]
        self.give(200, json.dumps({"error": said}).encode())

    # Labeling functions: of each form that the schema has, if there is one, else in blocks.
    FORMS = {"lua": {"code": "function lf.wins(x) if has(x.text, {'win'}) then return SPAM end end"},
             "rule": {"pattern": "\\bclick\\b", "flags": "i"},
             "keywords": {"keywords": ["mother", "dinner"]}}
    WHAT = {"lua": ("wins", "SPAM"), "rule": ("clicks", "SPAM"), "keywords": ("family", "HAM")}

    def in_schema(self, body):
        schema = body["response_format"]["json_schema"]["schema"]
        lfs = []
        for form in schema["properties"]["lfs"]["items"]["anyOf"]:
            kind = form["properties"]["kind"]["enum"][0]
            lf = {"rationale": "r", "name": self.WHAT[kind][0], "kind": kind,
                  "label": self.WHAT[kind][1], **self.FORMS[kind]}
            assert sorted(lf) == sorted(form["required"])
            lfs.append(lf)
        return json.dumps({"lfs": lfs})

    def on_lfs(self, nth, body):
        blocks = "```rules\nclicks  SPAM  /click/\nfamily  HAM  /mother|dinner/\n```\n"
        self.give(200, completion(self.in_schema(body) if "response_format" in body else blocks))

    def on_halflfs(self, nth, body):
        self.say("length", content="```rules\nclicks  SPAM  /click/\n```\n```rules\nfamily  HAM")

    def on_halffilteredlfs(self, nth, body):
        self.say("content_filter", content="```rules\nclicks  SPAM  /click/\n```\nAnd")

    def on_context(self, nth, body):
        self.give(400, b'{"error": {"message": "maximum context length is 4096 tokens", '
                       b'"code": "context_length_exceeded"}}')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(f"{folder}/port.new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(f"{folder}/port.new", f"{folder}/port")
sys.stdin.read()
