"""A client of the language server, as small as one can be: requests wait for their answers, and what the server
asks of an editor is done at once."""
import json
import pathlib
import queue
import subprocess
import threading

LIMIT_S = 60


class Client:
    def __init__(self, program, environment, folder, options=None, capabilities=None, peers=(), initialize=None):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
                                        cwd=folder)
        self.answers, self.next_id = {}, 1
        self.texts, self.versions = {}, {}
        self.diagnostics = {}
        self.diagnostics_came = queue.Queue()
        self.notifications = []
        self.applies = True
        self.edits = []  # that the server asked for
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        known = {"workspace": {"workspaceEdit": {"documentChanges": True}, "applyEdit": True},
                 "window": {"workDoneProgress": True},
                 "general": {"positionEncodings": ["utf-16"]}}
        if initialize is not None:  # what the caller says, and nothing behind it
            self.server = self.request("initialize", initialize)
            return
        self.server = self.request("initialize", {
            "processId": None, "rootUri": self.folder.as_uri(), "capabilities": capabilities or known,
            "workspaceFolders": [{"uri": self.folder.as_uri(), "name": "x"}],
            "initializationOptions": {"peers": list(peers), **(options or {})}})
        self.notify("initialized", {})

    # --- messages

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        out = self.process.stdout
        while True:
            length = None
            while True:
                line = out.readline()
                if not line:
                    for waiting in self.answers.values():
                        waiting.put({"error": {"code": 0, "message": "the server is gone"}})
                    return
                if line == b"\r\n":
                    break
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            self.take(json.loads(out.read(length)))

    def take(self, message):
        if "method" not in message:
            self.answers[message["id"]].put(message)
        elif "id" in message:
            self.send({"id": message["id"], "result": self.do(message["method"], message["params"])})
        elif message["method"] == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
            self.diagnostics_came.put(message["params"]["uri"])
        else:
            self.notifications.append(message)

    def do(self, method, params):
        if method != "workspace/applyEdit":
            return None
        if not self.applies:
            return {"applied": False, "failureReason": "the user said no"}
        self.edits.append(params["edit"])
        for change in params["edit"]["documentChanges"]:
            self.edit(change["textDocument"]["uri"], change["edits"])
        return {"applied": True}

    def start(self, method, params):
        return self.begin(method, {"params": params})

    def begin(self, method, message):
        """Sends a request that may lack its parameters; its id."""
        number, self.next_id = self.next_id, self.next_id + 1
        self.answers[number] = queue.Queue()
        self.send({"id": number, "method": method, **message})
        return number

    def answer(self, number):
        return self.answers[number].get(timeout=LIMIT_S)

    def request(self, method, params):
        answer = self.answer(self.start(method, params))
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer["result"]

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def close(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        status = self.process.wait(timeout=LIMIT_S)
        self.process.stdin.close()
        self.reader.join(LIMIT_S)
        self.process.stdout.close()
        return status

    def stop(self):
        """Ends the server in any state."""
        self.process.kill()
        self.process.wait(timeout=LIMIT_S)
        self.reader.join(LIMIT_S)
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except BrokenPipeError:
                pass

    # --- documents, with columns in UTF-16

    def uri(self, name):
        return (self.folder / name).as_uri()

    def open(self, name, language, text=None):
        if text is None:
            text = (self.folder / name).read_text()
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = text, 1
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}})

    def offset(self, uri, position):
        lines = self.texts[uri].split("\n")
        line = lines[position["line"]].encode("utf-16-le")[:position["character"] * 2].decode("utf-16-le")
        return sum(len(one) + 1 for one in lines[:position["line"]]) + len(line)

    def position(self, name, mark, after=0):
        """The place of `mark` in a document, and so many characters further."""
        text = self.texts[self.uri(name)]
        before = text[:text.index(mark) + after]
        line = before.rpartition("\n")[2]
        return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def edit(self, uri, edits):
        """Applies the edits as an editor does, and tells the server."""
        # Last first; of those at one place the first of the list comes first in the text (LSP 3.17, "TextEdit[]").
        places = sorted(((self.offset(uri, e["range"]["start"]), self.offset(uri, e["range"]["end"]), e) for e in edits),
                        key=lambda place: place[:2])[::-1]
        for begin, end, one in places:
            self.texts[uri] = self.texts[uri][:begin] + one["newText"] + self.texts[uri][end:]
        self.versions[uri] += 1
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": self.versions[uri]},
            "contentChanges": [{"range": one["range"], "text": one["newText"]} for _, _, one in places]})

    def type(self, name, mark, text, after=0):
        place = self.position(name, mark, after)
        self.edit(self.uri(name), [{"range": {"start": place, "end": place}, "newText": text}])

    def ask(self, what, name, mark, after=0, **more):
        return self.request("textDocument/" + what, {
            "textDocument": {"uri": self.uri(name)}, "position": self.position(name, mark, after), **more})

    def wait_for_diagnostics(self, name, holds):
        """The findings of a document, as soon as they are as wanted."""
        while not (self.uri(name) in self.diagnostics and holds(self.diagnostics[self.uri(name)])):
            self.diagnostics_came.get(timeout=LIMIT_S)
        return self.diagnostics[self.uri(name)]

    def actions(self, name, mark, **context):
        place = self.position(name, mark)
        return self.request("textDocument/codeAction", {
            "textDocument": {"uri": self.uri(name)}, "range": {"start": place, "end": place},
            "context": {"diagnostics": [], **context}})

    def run(self, command):
        return self.request("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
