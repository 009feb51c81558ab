# SPDX-License-Identifier: MIT
"""Writes the folder `hostile`: records, names and files that try to become markup, and make.sh, which
makes reports of them. Whatever runs sets window.ran."""
import json
import os

RUN = "window.ran=1;document.title='ran'"
TEXTS = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><script>{RUN}</script><style>body{{display:none}}",
    f"<img src=x onerror=\"{RUN}\">",
    f"\"><svg onload={RUN}>",
    f"' onmouseover='{RUN}' x='",
    f"\" autofocus onfocus=\"{RUN}\" x=\"",
    f"` onerror=`{RUN}`",
    f"<a href=\"javascript:{RUN}\">free</a>",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>",
    f"<base href=//example.invalid/><link rel=stylesheet href=//example.invalid/x.css>",
    f"<meta http-equiv=refresh content=\"0;url=javascript:{RUN}\">",
    f"<form action=//example.invalid><button>free</button></form>",
    f"<!--><script>{RUN}</script-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"</title></table></article></main><script>{RUN}</script>",
    f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}}",
    f"line\u2028separator\u2029paragraph {RUN}",
    "right \u202eto left\u202c \u2066isolate\u2069 \u200fmark\u200e \ufeffbom",
    "nul \u0000 bell \u0007 escape \u001b[2J del \u007f c1 \u0085\u009b",
    "tags \U000e0049\U000e0067\U000e006e hidden; free",
    "&lt;script&gt;window.ran=1&lt;/script&gt; &#60;script&#62; &amp;",
    "free " + "x" * 20000,
    "\u0645\u0631\u062d\u0628\u0627 free \u05e9\u05dc\u05d5\u05dd <b>bold</b>",
    "a\u0301\u0302\u0303" * 200 + " free",
    "free\tmoney\r\nfree <",
    "&", "<", "free &notit; &copy",
]
CLASSES = ["<script>window.ran=1</script>", "\"><img src=x onerror=window.ran=1>", "A&B '\u202e` \"c\""]
LFS = ["</script><script>window.ran=1</script>", "\" onfocus=window.ran=1 autofocus x=\"", "l\u202ef",
       "</option></select><script>window.ran=1</script>", "x" * 300, "a\u0000b", "<b>", "&lt;", "'`"]


def lua(text):
    return '"' + "".join(f"\\{b:03d}" for b in text.encode()) + '"'


def write(name, text):
    with open(os.path.join("hostile", name), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def votes():
    for i, text in enumerate(TEXTS * 3):
        cast = {lf: CLASSES[(i * 7 + j * (i % 5)) % 3] for j, lf in enumerate(LFS) if (i + j) % 3}
        yield {"id": f"{i} {text}"[:200], "text": text, "votes": cast, "label": CLASSES[i % 3]}


def main():
    os.makedirs("hostile/lfs", exist_ok=True)
    task = "classes = { " + ", ".join(lua(c) for c in CLASSES) + " }\n"
    task += "id = 'id'\ntask_text = " + lua("</title>" + TEXTS[0] + TEXTS[4]) + "\n"
    write("weaksup.lua", task)
    named = "<img src=x onerror=window.ran=1>\u202e '\".jsonl"
    write("votes.jsonl", "".join(json.dumps(v) + "\n" for v in votes()))
    write(named, "".join(json.dumps({"id": f"{i} {t}"[:80], "text": t, "title": t[::-1] + " free"}) + "\n"
                         for i, t in enumerate(TEXTS)))
    write("lfs/all.rules", f"script {lua_rule(0)} /<.?script>/i\nquote {lua_rule(1)} /[\"'`]/\n"
          f"free {lua_rule(2)} /\\bfree\\b/i\ntitle {lua_rule(0)} title ~ /eerf|free/\n"
          f"any {lua_rule(1)} /[<&].*/\ncontrol {lua_rule(2)} /[\\x{{202e}}\\x{{2028}}\\x00]/\n")
    write("lfs/all.lua", "function lf.first(x) if rx([[^.]]):test(x.text) then return 0 end end\n")
    write("make.sh", f"""
data={quoted(named)}
weaksup fit --votes votes.jsonl --out '<i>votes<' -q 2>/dev/null
weaksup report '<i>votes<' -q --out "$1/votes.html"
weaksup fit lfs --data "$data" --out '"run' -q 2>/dev/null
weaksup report '"run' -q --out "$1/lfs.html"
printf ' ' >>"$data"
weaksup report '"run' -q --out "$1/changed.html"
""")


def lua_rule(k):
    return str(k)


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


main()
