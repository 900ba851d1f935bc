#!/usr/bin/env python3
"""A client of the language server that edits a project at random and measures the answers.

    python3 docs/measure/editor_session.py PROGRAM PROJECT SECONDS [SEED]

Nothing is written to the project: all edits are unsaved text. Each round opens or edits a document (insert, delete, move lines, paste broken
text, take it all back), then asks for hover, code actions and code lenses at a random place and waits for each answer. Printed are
the number of edits and answers, the median, 95th percentile and maximum of the answers' times, the time from a pause to the next
diagnostics, and the server's memory over time. Any error or early end is fatal.
"""
import json
import pathlib
import queue
import random
import statistics
import subprocess
import sys
import threading
import time

PIECES = ["", "\n", "    return x\n", "def f(x):\n", "'''", "(", "import os\nos.system(x)\n", "\u00e9\U0001f600", "x = 1\n", "@app.route('/x')\n"]


class Client:
    def __init__(self, program, project):
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.messages = queue.Queue()
        self.next = 0
        self.diagnostics = 0
        self.last_diagnostics = 0.0
        threading.Thread(target=self.read, daemon=True).start()
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}, "workspaceFolders": [{"uri": project.as_uri(), "name": "p"}]})
        self.tell("initialized", {})

    def read(self):
        out = self.process.stdout
        while True:
            length = None
            while True:
                line = out.readline()
                if not line:
                    self.messages.put(None)
                    return
                if line == b"\r\n":
                    break
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message = json.loads(out.read(length))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics += 1
                self.last_diagnostics = time.monotonic()
            elif "id" in message and "method" not in message:
                self.messages.put(message)

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.next += 1
        start = time.monotonic()
        self.send({"id": self.next, "method": method, "params": params})
        message = self.messages.get(timeout=60)
        assert message is not None, f"the server ended: {self.process.wait()}"
        assert message["id"] == self.next and "error" not in message, message
        return time.monotonic() - start

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
        return 0

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


def main():
    program, project, seconds = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), float(sys.argv[3])
    chance = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    files = sorted(p for p in project.rglob("*.py") if p.stat().st_size < 200_000 and p.stat().st_size > 200)
    files = chance.sample(files, min(50, len(files)))
    client = Client(program, project)
    opened, answers, waits, memory = {}, [], [], []
    edits = version = 0
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        path = chance.choice(files)
        uri = path.as_uri()
        if uri not in opened:
            opened[uri] = path.read_text()
            client.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 0, "text": opened[uri]}})
        original = path.read_text()
        lines = original.count("\n") + 1
        for _ in range(chance.randint(1, 4)):
            version += 1
            edits += 1
            at = lambda: {"line": chance.randrange(lines), "character": chance.randrange(60)}
            start = at()
            end = {"line": start["line"] + chance.choice([0, 0, 0, 1, 3]), "character": chance.randrange(60)}
            change = {"range": {"start": start, "end": end}, "text": chance.choice(PIECES)}
            if chance.random() < 0.15:
                change = {"text": original}
            client.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]})
            where = {"textDocument": {"uri": uri}, "position": at()}
            answers.append(client.ask("textDocument/hover", where))
            spot = {"start": start, "end": start}
            answers.append(client.ask("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": spot, "context": {"diagnostics": []}}))
            answers.append(client.ask("textDocument/codeLens", {"textDocument": {"uri": uri}}))
            time.sleep(chance.random() * 0.3)
        if chance.random() < 0.1:
            client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
            del opened[uri]
        if chance.random() < 0.3:
            paused, count = time.monotonic(), client.diagnostics
            while client.diagnostics == count and time.monotonic() - paused < 30:
                time.sleep(0.02)
            if client.diagnostics > count:
                waits.append(client.last_diagnostics - paused)
        memory.append(client.memory())
    cpu = client.cpu()
    client.ask("shutdown", None)
    client.tell("exit", None)
    status = client.process.wait(timeout=60)
    ms = sorted(1000 * a for a in answers)
    print(f"{time.monotonic() - begun:.0f} s, {edits} edits, {len(answers)} answers, {client.diagnostics} diagnostics, status {status}, {cpu:.0f} processor s")
    print(f"answers: median {statistics.median(ms):.1f} ms, 95 % {ms[int(len(ms) * 0.95)]:.1f} ms, slowest {ms[-1]:.1f} ms")
    if waits:
        print(f"from a pause to diagnostics: median {statistics.median(waits):.1f} s, slowest {max(waits):.1f} s ({len(waits)})")
    quarter = max(1, len(memory) // 4)
    print("memory by quarters of the time (MB, largest): " + ", ".join(str(max(memory[i : i + quarter])) for i in range(0, quarter * 4, quarter) if memory[i : i + quarter]))


if __name__ == "__main__":
    main()
