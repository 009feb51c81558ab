# SPDX-License-Identifier: MIT
"""Opens each page of a folder in headless Chromium, through chromedriver: check.py PAGES AXE
PICTURES. AXE is axe.min.js, or empty; PICTURES is where screenshots go. Exits with 1 where anything is wrong, and says what."""
import base64
import glob
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib

import picture

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--force-prefers-reduced-motion"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
wrong = []


def expect(page, holds, what):
    if not holds:
        wrong.append(f"{page}: {what}")


class Browser:
    """A WebDriver session, with as much of the protocol as the checks need."""

    def __init__(self, profile):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}", "--silent"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for_driver()
        options = {"args": FLAGS + [f"--user-data-dir={profile}"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        answer = self.send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.base += "/session/" + answer["sessionId"]
        self.send("POST", "/url", {"url": "about:blank"})
        self.log("performance")  # of the browser's own first page

    def wait_for_driver(self):
        for _ in range(200):
            try:
                return self.send("GET", "/status")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise SystemExit("chromedriver does not answer")

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.read().decode()[:400]}") from None

    def close(self):
        try:
            self.send("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()

    def open(self, path):
        self.send("POST", "/url", {"url": "file://" + urllib.request.pathname2url(path)})

    def run(self, script, *arguments):
        return self.send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        return self.send("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector):
        found = self.send("POST", "/element", {"using": "css selector", "value": selector})
        return found[ELEMENT]

    def click(self, selector):
        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", {ELEMENT: element})
        self.send("POST", f"/element/{element}/click", {})

    def type(self, selector, text):
        self.send("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def log(self, kind):
        return self.send("POST", "/se/log", {"type": kind})

    def tool(self, command, **parameters):
        return self.send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look(self, width, scheme):
        self.tool("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                  mobile=False)
        self.tool("Emulation.setEmulatedMedia", media="",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])


FORBIDDEN = """
  const bad = [];
  for (const e of document.querySelectorAll("*")) {
    for (const a of e.attributes)
      if (/^on/i.test(a.name) || a.name === "style" || a.name === "srcdoc" || a.name === "src" ||
          (/^(href|action|xlink:href)$/i.test(a.name) && !a.value.startsWith("#")))
        bad.push(e.tagName + " " + a.name);
    if (/^(iframe|img|image|object|embed|link|base|video|audio|template|use|foreignobject|b|i)$/i.test(e.tagName))
      bad.push(e.tagName);
  }
  if (document.querySelectorAll("script").length !== 1) bad.push("scripts");
  if (document.querySelectorAll("style").length !== 1) bad.push("styles");
  if (document.querySelectorAll("main, h1, nav").length !== 3) bad.push("frame");
  return bad.slice(0, 10);
"""

TIDY = """
  const bad = [], ids = new Set();
  for (const e of document.querySelectorAll("[id]")) {
    if (ids.has(e.id)) bad.push("id twice: " + e.id);
    ids.add(e.id);
  }
  for (const a of document.querySelectorAll("a[href]"))
    if (!document.getElementById(a.getAttribute("href").slice(1))) bad.push("no target: " + a.href);
  let level = 0;
  for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
    if (Number(h.tagName[1]) > level + 1) bad.push("heading: " + h.textContent);
    level = Number(h.tagName[1]);
  }
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    bad.push("the page scrolls sideways: " + document.documentElement.scrollWidth);
    for (const e of document.querySelectorAll("body *"))
      if (!e.closest(".scroll, .skip") && e.getBoundingClientRect().right > width + 1)
        bad.push(e.tagName + " " + e.className + " in " + e.parentElement.className);
  }
  return bad.slice(0, 10);
"""


WIDE = """
  const bad = [], width = document.documentElement.clientWidth;
  for (const e of document.querySelectorAll(".scroll, table")) {
    const box = e.getBoundingClientRect();
    if (box.width && (e.scrollWidth > e.clientWidth + 1 || box.right > width + 1))
      bad.push((e.closest("section") || e).id + " " + e.tagName + " " + e.className + " " +
               e.scrollWidth + " > " + e.clientWidth + ", right " + box.right);
  }
  return bad.slice(0, 10);
"""


def check_content(browser, page):
    expect(page, browser.run("return window.ran === undefined && document.title !== 'ran'"),
           "a script of a record ran")
    found = browser.run(FORBIDDEN)
    expect(page, not found, f"markup that is not ours: {found}")


def check_tidy(browser, page, width):
    found = browser.run(TIDY)
    expect(page, not found, f"at {width} px: {found}")


# A laptop's screen without the scroll bar.
def check_wide(browser, page):
    browser.look(1265, "light")
    found = browser.run(WIDE)
    expect(page, not found, f"at 1265 px tables scroll sideways: {found}")
    browser.look(1400, "light")


# 710 px: the inner width of A4, and a bar beside it. What is told on paper: all that is on the page but what only works on a screen, dark on light.
# Numbers beside a matrix are wider than paper, and the matrix says the same.
PAPER = """
  const bad = [], told = "nav, .tools, .skip, details.numbers, script, style, title";
  const light = (c) => {
    const n = c.match(/[\\d.]+/g).map(Number);
    return n.length > 3 && n[3] === 0 ? null : (0.2126 * n[0] + 0.7152 * n[1] + 0.0722 * n[2]) / 255;
  };
  for (const e of document.querySelectorAll("body, body *")) {
    const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (e.closest(told) || e.closest("[hidden]")) continue;
    const style = getComputedStyle(e), ground = light(style.backgroundColor);
    const drawn = style.display === "contents" || e.checkVisibility({visibilityProperty: true});
    if (text && !drawn && !e.closest("summary, desc"))
      bad.push("not on paper: " + e.tagName + " " + e.className + " " + e.textContent.slice(0, 40));
    if (text && !(e instanceof SVGElement) && light(style.color) > 0.5 && !(ground < 0.5))
      bad.push("light on light: " + e.tagName + " " + style.color + " " + e.textContent.slice(0, 40));
    if (!e.closest("svg, mark, .cls, .key") && ground !== null && ground < 0.5)
      bad.push("dark ground: " + e.tagName + " " + e.className + " " + style.backgroundColor);
  }
  for (const e of document.querySelectorAll(".tools, nav"))
    if (e.checkVisibility()) bad.push("of no use on paper: " + e.className);
  return bad.slice(0, 10);
"""


def pages_of(pdf):
    """The content streams of the pages, as Chromium writes them: no object streams."""
    objects = {int(n): body for n, body in re.findall(rb"(\d+) 0 obj\b(.*?)endobj", pdf, re.S)}
    for body in objects.values():
        if re.search(rb"/Type\s*/Page\b", body):
            content = objects[int(re.search(rb"/Contents (\d+) 0 R", body)[1])]
            stream = re.search(rb"stream\r?\n(.*)endstream", content, re.S)[1]
            box = [float(n) for n in re.search(rb"/MediaBox\s*\[([^\]]*)\]", body)[1].split()]
            yield box, zlib.decompressobj().decompress(stream)


# A page that does not fit is printed smaller: the first matrix of each tells by how much.
def check_pdf(browser, page, pictures):
    paper = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True, "printBackground": True}
    pdf = base64.b64decode(browser.tool("Page.printToPDF", **paper)["data"])
    with open(os.path.join(pictures, page.replace(".html", ".pdf")), "wb") as file:
        file.write(pdf)
    pages = list(pages_of(pdf))
    expect(page, 0 < len(pages) < 100, f"{len(pages)} pages")
    for number, (box, content) in enumerate(pages, 1):
        expect(page, 594 < box[2] < 597 and 840 < box[3] < 843, f"page {number} is {box}")
        expect(page, re.search(rb"\bT[jJ]\b", content), f"page {number} is blank")
        scale = float(content.split(b" ", 1)[0])
        expect(page, abs(scale - 0.24) < 0.001, f"page {number} does not fit: it is scaled by {scale / 0.24:.3f}")


def check_paper(browser, page, pictures):
    browser.look(710, "dark")
    browser.tool("Emulation.setEmulatedMedia", media="print",
                 features=[{"name": "prefers-color-scheme", "value": "dark"}])
    found = browser.run(WIDE) + browser.run(PAPER)
    expect(page, not found, f"on paper: {found}")
    browser.tool("Emulation.setEmulatedMedia", media="",
                 features=[{"name": "prefers-color-scheme", "value": "dark"}])
    check_pdf(browser, page, pictures)
    browser.look(1400, "light")


def check_logs(browser, page):
    said = [entry["message"] for entry in browser.log("browser")]
    expect(page, not said, f"the console says: {said[:3]}")
    for entry in browser.log("performance"):
        event = json.loads(entry["message"])["message"]
        if event["method"] != "Network.requestWillBeSent":
            continue
        url = event["params"]["request"]["url"]
        expect(page, url.startswith("file://") and url.endswith(".html"), f"a request: {url}")


COLUMN = "return [...document.querySelectorAll('#lf-table tbody tr')].map(r => r.cells[arguments[0]].dataset.v)"
SORTED = "return [...document.querySelectorAll('#lf-table thead th')].map(h => h.getAttribute('aria-sort'))"


def check_sorting(browser, page):
    head = "#lf-table thead th:nth-child(4) button"
    before = [float(v) for v in browser.run(COLUMN, 3)]
    browser.click(head)
    after = [float(v) for v in browser.run(COLUMN, 3)]
    expect(page, after == sorted(before, reverse=True), f"sorted by coverage, down: {after}")
    expect(page, browser.run(SORTED)[3] == "descending", "aria-sort is not descending")
    browser.type(head, "\ue007")  # Enter: by the keyboard alone
    after = [float(v) for v in browser.run(COLUMN, 3)]
    expect(page, after == sorted(before), f"sorted by coverage, up: {after}")
    expect(page, browser.run(SORTED).count(None) == len(browser.run(SORTED)) - 1, "two columns are sorted")
    browser.click("#lf-table thead th:nth-child(1) button")
    expect(page, browser.run(COLUMN, 0) == [str(i + 1) for i in range(len(before))], "not in order again")


SHOWN = "return [...document.querySelectorAll(arguments[0])].filter(e => e.offsetParent !== null).length"


def check_filters(browser, page, name):
    everything = browser.run(SHOWN, "#lf-table tbody tr")
    browser.type("#lf-name", name)
    shown = browser.run(SHOWN, "#lf-table tbody tr")
    expect(page, shown == 1, f"{shown} labeling functions have '{name}' in their names")
    said = browser.run("return document.getElementById('lf-count').textContent")
    expect(page, said == f"1 of {everything} labeling functions", f"says '{said}'")
    browser.type("#lf-name", "\ue003" * len(name))
    expect(page, browser.run(SHOWN, "#lf-table tbody tr") == everything, "not all rows are back")
    browser.click("#lf-class option[value='1']")
    shown = browser.run(SHOWN, "#lf-table tbody tr")
    expect(page, shown == 8, f"{shown} labeling functions vote for SPAM")
    browser.click("#lf-class option[value='']")
    records = browser.run(SHOWN, ".ex")
    browser.click("#ex-kind option[value=uncovered]")
    some = browser.run(SHOWN, ".ex")
    expect(page, 0 < some < records and some == browser.run(SHOWN, "#ex-uncovered .ex"),
           f"{some} of {records} records without a vote")
    browser.click("#ex-kind option[value='']")
    browser.type("#ex-text", "no such text anywhere")
    expect(page, browser.run(SHOWN, ".ex") == 0, "the filter by text")
    browser.run("location.hash = '#ex-wrong'")
    time.sleep(0.3)
    expect(page, browser.run(SHOWN, ".ex") == records, "a link does not show what a filter hid")


def check_without_script(browser, path, page):
    browser.tool("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(path)
    expect(page, browser.run(SHOWN, ".tools") == 0, "filters are shown that nothing works")
    expect(page, browser.run(SHOWN, "#lf-table tbody tr") > 0, "no table without the script")
    expect(page, browser.run(SHOWN, ".ex") > 0, "no examples without the script")
    browser.tool("Emulation.setScriptExecutionDisabled", value=False)


AXE = """
  const done = arguments[arguments.length - 1];
  axe.run(document, {resultTypes: ["violations"]}).then(
    (r) => done(r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(" | "))),
    (e) => done(["axe failed: " + e]));
"""


def check_access(browser, page, axe, width, scheme):
    if not axe:
        return
    with open(axe, encoding="utf-8") as file:
        browser.run(file.read())
    for finding in browser.run_async(AXE):
        expect(page, False, f"axe, {scheme}, {width} px: {finding}")


# Black and white text, tables and charts: a page that failed to draw is all of one colour, and one
# that does not know of the dark is light.
def check_picture(browser, page, folder, width, scheme):
    name = f"{page.removesuffix('.html')}-{'wide' if width > 800 else 'narrow'}-{scheme}.png"
    png = base64.b64decode(browser.tool("Page.captureScreenshot", format="png")["data"])
    with open(os.path.join(folder, name), "wb") as file:
        file.write(png)
    shot = picture.Picture(png)
    ground, share = shot.ground()
    expect(page, (shot.width, shot.height) == (width, 900), f"{name}: {shot.width} x {shot.height}")
    expect(page, len(shot.colours) >= 30, f"{name}: blank, of {len(shot.colours)} colours")
    expect(page, share < 0.97, f"{name}: blank, {share:.3f} of it is one colour")
    light = sum(ground) / 3
    expect(page, light > 200 if scheme == "light" else light < 60, f"{name}: on a ground of {ground}")


def check_page(browser, path, axe, pictures):
    page = os.path.basename(path)
    browser.look(1400, "light")
    browser.open(path)
    check_content(browser, page)
    for width in (1400, 390):
        for scheme in ("light", "dark"):
            browser.look(width, scheme)
            check_tidy(browser, page, width)
            if page in ("spam.html", "household.html"):
                check_picture(browser, page, pictures, width, scheme)
            # What other pages have beside it is texts, and those are the same in all views.
            if page == "spam.html" or (width == 1400) == (scheme == "light"):
                check_access(browser, page, axe, width, scheme)
    browser.look(1400, "light")
    if page in ("spam.html", "household.html"):
        check_wide(browser, page)
    check_paper(browser, page, pictures)
    if page == "spam.html":
        check_sorting(browser, page)
        check_filters(browser, page, "shouting")
        check_without_script(browser, path, page)
    check_content(browser, page)
    check_logs(browser, page)


def main():
    pages, axe, pictures = sys.argv[1:4]
    paths = sorted(glob.glob(os.path.join(pages, "*.html")))
    expect(pages, len(paths) >= 5, f"expected five pages, found {len(paths)}")
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        try:
            for path in paths:
                check_page(browser, path, axe, pictures)
        finally:
            browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(paths)} pages, {len(wrong)} findings")
    sys.exit(1 if wrong else 0)


main()
