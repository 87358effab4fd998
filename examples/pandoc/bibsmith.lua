--- Fetches from arXiv what a document cites as @arXiv:1706.03762 and its bibliographies do not have.
--
--   pandoc paper.md -L bibsmith.lua --citeproc -o paper.pdf
--
-- Runs before --citeproc and puts the references into the document's metadata. `bibsmith` has to be on the
-- PATH; its cache answers the second time. What cannot be had is a warning, and the document is made all the
-- same. Needs pandoc 2.17 or newer.

local ids_by_key = {}
local keys = {}

local function collect(citation)
  local id = citation.id:match("^[aA][rR][xX][iI][vV]:(.+)$")
  if id and not ids_by_key[citation.id] then
    ids_by_key[citation.id] = id
    keys[#keys + 1] = citation.id
  end
end

local function warn(text)
  io.stderr:write("bibsmith.lua: " .. text .. "\n")
end

-- The references of one call of bibsmith, by arXiv id; what it says of missing papers goes to standard error.
local function fetch(ids)
  local arguments = { "get", "--format", "csl-json", "-" }
  local ok, out = pcall(pandoc.pipe, "bibsmith", arguments, table.concat(ids, "\n") .. "\n")
  if not ok then
    -- Status 1: some were not found; what was found is in the output all the same.
    if type(out) ~= "table" or out.error_code ~= 1 then
      warn(type(out) == "table" and ("bibsmith ended with status " .. tostring(out.error_code)) or tostring(out))
    end
    out = type(out) == "table" and out.output or ""
  end
  if out == "" then return {} end
  return pandoc.read(out, "csljson").meta.references or {}
end

-- "1706.03762" of a reference that bibsmith wrote.
local function id_of(reference)
  local number = reference.number and pandoc.utils.stringify(reference.number) or ""
  local url = reference.URL and pandoc.utils.stringify(reference.URL) or ""
  return number:match("^arXiv:(.+)$") or url:match("arxiv%.org/abs/(.+)$")
end

local function without_version(id)
  return (id:gsub("v%d+$", ""))
end

function Pandoc(document)
  document:walk({ Cite = function(cite) for _, one in ipairs(cite.citations) do collect(one) end end })
  local known = {}
  for _, reference in ipairs(pandoc.utils.references(document)) do known[reference.id] = true end
  local ids = {}
  for _, key in ipairs(keys) do
    if not known[key] then ids[#ids + 1] = ids_by_key[key] end
  end
  if #ids == 0 then return nil end
  local found = {}
  for _, reference in ipairs(fetch(ids)) do
    local id = id_of(reference)
    if id then found[without_version(id)] = reference end
  end
  local references = document.meta.references or pandoc.MetaList({})
  for _, key in ipairs(keys) do
    local reference = not known[key] and found[without_version(ids_by_key[key])]
    if reference then
      local copy = {}
      for name, value in pairs(reference) do copy[name] = value end
      copy.id = pandoc.MetaString(key)
      references[#references + 1] = pandoc.MetaMap(copy)
    end
  end
  document.meta.references = references
  return document
end
