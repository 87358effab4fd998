// Bibsmith in Node by koffi (npm install koffi): node cite.js 1706.03762
const koffi = require("koffi");

const lib = koffi.load("libbibsmith.so.1");
const Text = koffi.struct("bibsmith_text", { data: "void *", size: "size_t" });
const open = lib.func("int32_t bibsmith_open(uint32_t abi, void *options, _Out_ void **out)");
const close = lib.func("void bibsmith_close(void *context)");
const abi = lib.func("uint32_t bibsmith_abi_version()");
const submit = lib.func(
  "int32_t bibsmith_submit(void *context, str method, str parameters, size_t size, _Out_ void **out)");
const wait = lib.func("int32_t bibsmith_operation_wait(void *operation, int32_t milliseconds)");
const result = lib.func("int32_t bibsmith_operation_result(void *operation, _Out_ bibsmith_text *result)");
const freeOperation = lib.func("void bibsmith_operation_free(void *operation)");
const lastError = lib.func("int32_t bibsmith_last_error(_Out_ bibsmith_text *out)");
const free = lib.func("void bibsmith_text_free(_Inout_ bibsmith_text *text)");

function take(text) {
  const out = koffi.decode(text.data, "char", Number(text.size));
  free(text);
  return out;
}

function check(status) {
  if (status === 0) return;
  const text = {};
  lastError(text);
  throw new Error(JSON.parse(take(text)).message);
}

// A method of docs/json-rpc.md. One of Node's own threads waits for it: the event loop goes on.
async function request(context, method, parameters) {
  const given = JSON.stringify(parameters);
  const operation = [null];
  check(submit(context, method, given, Buffer.byteLength(given), operation));
  try {
    await new Promise((done) => wait.async(operation[0], -1, done));
    const text = {};
    check(result(operation[0], text));
    return JSON.parse(take(text));
  } finally {
    freeOperation(operation[0]);
  }
}

async function main(ids) {
  const out = [null];
  check(open(abi(), null, out));
  try {
    const answer = await request(out[0], "bibsmith/entry.get", { ids, format: "bibtex" });
    process.stdout.write(answer.text);
    process.exitCode = answer.entries.length === ids.length ? 0 : 1;
  } finally {
    close(out[0]);
  }
}

main(process.argv.slice(2));
