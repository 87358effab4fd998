-- :Bibsmith {sub}
local lsp = require('bibsmith.lsp')
local pick = require('bibsmith.pick')

local M = {}

local function uri()
  return vim.uri_from_bufnr(0)
end

local function tell(result)
  local changed = #result.changed
  local texts = { changed == 1 and '1 entry' or changed .. ' entries' }
  vim.list_extend(texts, result.errors or {})
  vim.notify('bibsmith: ' .. table.concat(texts, '\n'), result.ok and vim.log.levels.INFO or vim.log.levels.ERROR)
end

local function add_and_cite(ids)
  local window = vim.api.nvim_get_current_win()
  lsp.execute('bibsmith.fetch', { uri = uri(), ids = ids }, function(result)
    tell(result)
    local keys = vim.list_extend(vim.list_extend({}, result.changed), result.skipped)
    if #keys > 0 and vim.bo.filetype ~= 'bib' then
      pick.insert(window, table.concat(keys, ', '))
    end
  end)
end

local subs = {}

function subs.fetch(words)
  if #words > 0 then
    return lsp.execute('bibsmith.fetch', { uri = uri(), ids = words }, tell)
  end
  local params = {
    textDocument = { uri = uri() },
    range = { start = { line = 0, character = 0 }, ['end'] = { line = vim.fn.line('$'), character = 0 } },
    context = { diagnostics = {}, only = { 'source.fixAll.bibsmith' } },
  }
  lsp.request('textDocument/codeAction', params, function(actions)
    local action = actions and actions[1]
    if vim.bo.filetype == 'bib' or not action then
      vim.notify('bibsmith: no citation of this file can be fetched')
      return
    end
    lsp.execute(action.command.command, action.command.arguments[1], tell)
  end)
end

function subs.update(words, bang)
  if vim.bo.filetype ~= 'bib' then
    vim.notify('bibsmith: open the bibliography that is to be updated', vim.log.levels.ERROR)
    return
  end
  local argument = { uri = uri(), only = #words > 0 and words or nil }
  local function update()
    lsp.execute('bibsmith.updateFile', argument, tell)
  end
  if bang or not require('bibsmith.config').get().preview then
    return update()
  end
  require('bibsmith.preview').update(words, update)
end

-- Asks the sources whether there are the works that the bibliography names; what is wrong becomes diagnostics.
function subs.verify(words)
  if vim.bo.filetype ~= 'bib' then
    vim.notify('bibsmith: open the bibliography that is to be verified', vim.log.levels.ERROR)
    return
  end
  lsp.execute('bibsmith.verify', { uri = uri(), only = #words > 0 and words or nil }, function(result)
    local text = ('bibsmith: %d verified, %d with wrong fields, %d not found, %d that do not exist'):format(
      result.verified,
      result.wrong_fields,
      result.could_not_verify,
      result.does_not_exist
    )
    local texts = vim.list_extend({ text }, result.errors)
    vim.notify(table.concat(texts, '\n'), result.ok and vim.log.levels.INFO or vim.log.levels.ERROR)
  end)
end

function subs.search(words)
  if #words == 0 then
    vim.notify('bibsmith: search for which words?', vim.log.levels.ERROR)
    return
  end
  M.search(table.concat(words, ' '), function(item)
    add_and_cite({ item.label })
  end)
end

function subs.add(words)
  if #words == 0 then
    vim.notify('bibsmith: add which ids?', vim.log.levels.ERROR)
    return
  end
  add_and_cite(words)
end

function subs.cite(words)
  local window = vim.api.nvim_get_current_win()
  M.entries(table.concat(words, ' '), function(items)
    pick.pick('Cite', items, function(item)
      pick.insert(window, item.label)
    end)
  end)
end

function subs.status()
  if not lsp.client() then
    vim.notify('bibsmith: no server runs for this buffer', vim.log.levels.WARN)
    return
  end
  lsp.execute('bibsmith.status', vim.empty_dict(), function(result)
    local peers = lsp.peers()
    vim.notify(
      ('bibsmith %s%s%s'):format(
        result.version,
        result.offline and ', offline' or '',
        #peers > 0 and ', beside ' .. table.concat(peers, ', ') or ''
      )
    )
  end)
end

-- What arXiv has for the words; chosen(item) gets { label = 'arXiv:…', detail = title }.
function M.search(words, chosen)
  lsp.execute('bibsmith.search', { words = words }, function(result)
    local items = {}
    for _, paper in ipairs(result.results) do
      if paper.arxiv_id ~= vim.NIL then
        local first = paper.authors[1] and paper.authors[1] .. ': ' or ''
        table.insert(items, { label = 'arXiv:' .. paper.arxiv_id, detail = first .. paper.title })
      end
    end
    pick.pick('arXiv', items, chosen)
  end)
end

-- The entries of all bibliographies of the project, found by any words: { label = key, detail }.
function M.entries(words, done)
  lsp.request('workspace/symbol', { query = words }, function(symbols)
    local items = {}
    for _, symbol in ipairs(symbols or {}) do
      table.insert(items, { label = symbol.name, detail = symbol.containerName, location = symbol.location })
    end
    done(items)
  end)
end

function M.names()
  local names = vim.tbl_keys(subs)
  table.sort(names)
  return names
end

function M.run(call)
  local words = vim.deepcopy(call.fargs)
  local name = table.remove(words, 1) or 'status'
  if not subs[name] then
    vim.notify(
      ('bibsmith: there is no %s; there are %s'):format(name, table.concat(M.names(), ', ')),
      vim.log.levels.ERROR
    )
    return
  end
  subs[name](words, call.bang)
end

function M.complete(lead, line)
  local before = vim.split(line:sub(1, #line - #lead), '%s+', { trimempty = true })
  if #before > 1 then
    return {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, M.names())
end

return M
