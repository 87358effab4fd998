-- Bibsmith in LuaJIT (and in Neovim, which has it): luajit cite.lua 1706.03762
local ffi = require("ffi")
ffi.cdef([[
  typedef struct { char *data; size_t size; } bibsmith_text;
  uint32_t bibsmith_abi_version(void);
  int32_t bibsmith_open(uint32_t abi, const void *options, void **out);
  void bibsmith_close(void *context);
  int32_t bibsmith_call(void *context, const char *method, const char *parameters, size_t size,
                        int32_t (*progress)(void *, uint64_t, uint64_t), void *user, bibsmith_text *result);
  int32_t bibsmith_get(void *context, const char *const *ids, size_t count, const char *format,
                       int32_t (*progress)(void *, uint64_t, uint64_t), void *user, bibsmith_text *result);
  int32_t bibsmith_last_error(bibsmith_text *out);
  void bibsmith_text_free(bibsmith_text *text);
]])
local bibsmith = ffi.load("libbibsmith.so.1")

local function take(text)
  local out = ffi.string(text.data, text.size)
  bibsmith.bibsmith_text_free(text)
  return out
end

local function check(status)
  if status ~= 0 then
    local text = ffi.new("bibsmith_text")
    bibsmith.bibsmith_last_error(text)
    error(take(text), 0)
  end
end

local context = ffi.new("void *[1]")
check(bibsmith.bibsmith_open(bibsmith.bibsmith_abi_version(), nil, context))
local ids = ffi.new("const char *[?]", #arg, { unpack(arg) }) -- arg[0] is the script
local text = ffi.new("bibsmith_text")
local status = bibsmith.bibsmith_get(context[0], ids, #arg, "bibtex", nil, nil, text)
bibsmith.bibsmith_close(context[0])
check(status)
io.write(take(text))
