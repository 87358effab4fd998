-- :Telescope bibsmith  cites an entry of the project, chosen while the words are typed.
local telescope = require('telescope')
local actions = require('telescope.actions')
local action_state = require('telescope.actions.state')
local finders = require('telescope.finders')
local pickers = require('telescope.pickers')
local sorters = require('telescope.sorters')

local commands = require('bibsmith.commands')
local pick = require('bibsmith.pick')

local function entry_of(item)
  return {
    value = item,
    ordinal = item.label .. ' ' .. (item.detail or ""),
    display = item.label .. '  ' .. (item.detail or ''),
    filename = item.location and vim.uri_to_fname(item.location.uri),
    lnum = item.location and item.location.range.start.line + 1,
  }
end

local function cite(options)
  options = options or {}
  local window = vim.api.nvim_get_current_win()
  commands.entries(options.default_text or '', function(items)
    pickers
      .new(options, {
        prompt_title = 'Cite',
        finder = finders.new_table({ results = items, entry_maker = entry_of }),
        sorter = sorters.get_generic_fuzzy_sorter(),
        previewer = require('telescope.config').values.grep_previewer(options),
        attach_mappings = function(prompt)
          actions.select_default:replace(function()
            actions.close(prompt)
            local chosen = action_state.get_selected_entry()
            if chosen then
              pick.insert(window, chosen.value.label)
            end
          end)
          return true
        end,
      })
      :find()
  end)
end

return telescope.register_extension({ exports = { bibsmith = cite, cite = cite } })
