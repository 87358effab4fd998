#!/usr/bin/env python3
"""A process plugin: "library:42" becomes an entry by asking URL/books/42.json, and --format titles lists titles.

Make it executable, and name it: export BIBSMITH_PLUGIN_PATH=$PWD/bibsmith-plugin-library.py. The address is a
setting of the user's: [plugin.library] url = "http://127.0.0.1:8080" in config.toml.
"""
import json
import sys


class Failure(Exception):
    """Why there is no result, in one line."""


class Host:
    """JSON-RPC on lines: requests of the host's come in, requests of ours go out in between."""

    requests = 0

    def send(self, **message):
        print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)

    def http_get(self, url, accept=""):
        """(status, body). The host keeps the pace, retries and caches."""
        self.requests += 1
        self.send(id=f"get-{self.requests}", method="host/http.get", params={"url": url, "accept": accept})
        for line in sys.stdin:
            message = json.loads(line)
            if message.get("id") == f"get-{self.requests}" and "method" not in message:
                if "error" in message:
                    raise Failure(message["error"]["message"])
                return message["result"]["status"], message["result"]["body"]
        sys.exit()


class Library:
    description = {
        "name": "Library", "version": "1.0", "description": "Books of a library on this machine",
        "extensions": {"bibsmith.fetcher/1": {"schemes": ["library"], "ids_max": 50},
                       "bibsmith.exporter/1": {"format": "titles", "file_extension": "txt"}},
    }

    def __init__(self, host):
        self.host = host
        self.url = ""

    def describe(self, config, **_):
        self.url = config.get("url", "")
        return self.description

    def fetch(self, ids):
        """What is known of each id; one that is left out does not exist."""
        if not self.url:
            raise Failure("set url in [plugin.library] of config.toml")
        answers = []
        for one in ids:
            status, body = self.host.http_get(f"{self.url}/books/{one.partition(':')[2]}.json", "application/json")
            if status == 200:
                book = json.loads(body)
                answers.append({"id": one, "item": {
                    "type": "book", "title": book["title"], "publisher": book["publisher"],
                    "author": [{"family": family, "given": given} for given, family in book["authors"]],
                    "issued": {"date-parts": [[book["year"]]]}}})
            elif status != 404:
                answers.append({"id": one, "error": f"the library answered with status {status}"})
        return answers

    def write(self, items, **_):
        return "".join(item.get("title", "?") + "\n" for item in items)


def main():
    host = Host()
    library = Library(host)
    verbs = {"plugin/describe": library.describe, "fetcher/fetch": library.fetch, "exporter/write": library.write}
    for line in sys.stdin:  # ends when the host goes
        message = json.loads(line)
        if "id" not in message:
            continue  # news: "$/cancelRequest"
        try:
            host.send(id=message["id"], result=verbs[message["method"]](**message["params"]))
        except (Failure, KeyError, ValueError) as problem:
            host.send(id=message["id"], error={"code": -32016, "message": str(problem)})


if __name__ == "__main__":
    main()
