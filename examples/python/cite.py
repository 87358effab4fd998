#!/usr/bin/env python3
"""Bibsmith in Python, by ctypes alone: cite.py 1706.03762 prints the entry; Ctrl-C cancels."""
import ctypes
import json
import select
import sys

lib = ctypes.CDLL("libbibsmith.so.1")


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    def take(self):
        text = ctypes.string_at(self.data, self.size).decode() if self.data else ""
        lib.bibsmith_text_free(ctypes.byref(self))
        return text


lib.bibsmith_operation_descriptor.argtypes = [ctypes.c_void_p]
lib.bibsmith_operation_free.argtypes = [ctypes.c_void_p]
lib.bibsmith_close.argtypes = [ctypes.c_void_p]


def check(status):
    if status != 0:
        error = Text()
        lib.bibsmith_last_error(ctypes.byref(error))
        raise RuntimeError(json.loads(error.take())["message"])


class Bibsmith:
    def __init__(self):
        self.context = ctypes.c_void_p()
        check(lib.bibsmith_open(lib.bibsmith_abi_version(), None, ctypes.byref(self.context)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        lib.bibsmith_close(self.context)

    def call(self, method, **parameters):
        """A method of docs/json-rpc.md. Waits for its descriptor, as an event loop would."""
        given = json.dumps(parameters).encode()
        operation, result = ctypes.c_void_p(), Text()
        check(lib.bibsmith_submit(self.context, method.encode(), given, ctypes.c_size_t(len(given)),
                                  ctypes.byref(operation)))
        try:
            select.select([lib.bibsmith_operation_descriptor(operation)], [], [])
            check(lib.bibsmith_operation_result(operation, ctypes.byref(result)))
        finally:
            lib.bibsmith_operation_free(operation)
        return json.loads(result.take())


if __name__ == "__main__":
    with Bibsmith() as bibsmith:
        answer = bibsmith.call("bibsmith/entry.get", ids=sys.argv[1:], format="bibtex")
    print(answer["text"], end="")
    sys.exit(bool(answer["not_found"] or answer["could_not_ask"] or answer["invalid"]))
