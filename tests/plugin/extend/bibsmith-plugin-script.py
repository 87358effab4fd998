#!/usr/bin/env python3
"""A process plugin of the tests: does as its settings and its ids say."""
import json
import os
import sys
import time


def answer(message, **members):
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **members}), flush=True)


for line in sys.stdin:
    message = json.loads(line)
    method, params = message["method"], message.get("params", {})
    if method == "plugin/describe":
        mode = params["config"].get("mode", "")
        if mode == "garbage":
            print("Hello, I am a plugin!", flush=True)
        elif mode == "deep":
            print("[" * 1000 + "]" * 1000, flush=True)
        elif mode == "large":
            sys.stdout.write("x" * (17 << 20))
            sys.stdout.flush()
            time.sleep(60)
        elif mode == "no-description":
            answer(message, result=[])
        elif mode == "reserved":
            answer(message, result={"extensions": {"bibsmith.fetcher/1": {"schemes": ["arxiv"]}}})
        elif mode == "bad-format":
            answer(message, result={"extensions": {"bibsmith.exporter/1": {"format": "A b"}}})
        elif mode == "exits":
            sys.exit(5)
        elif mode == "begs":
            while True:
                print(json.dumps({"jsonrpc": "2.0", "method": "host/log", "params": {"message": "more"}}), flush=True)
        else:
            answer(message, result={"name": "Script", "version": "2", "description": "one\nline\x1b[0m",
                                    "extensions": {"bibsmith.fetcher/1": {"schemes": ["script"]}, "unknown/7": {}}})
    elif method == "fetcher/fetch":
        wanted = params["ids"][0]
        if wanted == "script:talks":
            print("a word on standard error\x07", file=sys.stderr, flush=True)
        if wanted == "script:child":
            if os.fork() == 0:
                time.sleep(60)
                sys.exit()
            os._exit(0)
        if wanted == "script:error":
            answer(message, error={"code": -32010, "message": "no route"})
        elif wanted == "script:no-id":
            answer(message, result=[{"item": {}}])
        else:
            answer(message, result=[{"id": wanted, "item": {"type": "webpage", "title": "Page", "URL": "https://x.example"}}])
    elif "id" in message:
        answer(message, error={"code": -32601, "message": "no such method"})
