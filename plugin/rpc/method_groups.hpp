#pragma once

#include "plugin/rpc/methods.hpp"

// The methods by what they work on; methods.cpp gives them their names.
namespace bibsmith::plugin {

// Papers: identifiers to entries. Results as those of get and search with --json.
MethodResult call_id_parse(Parameters& parameters, const CallContext& context);
MethodResult call_entry_get(Parameters& parameters, const CallContext& context);
MethodResult call_search(Parameters& parameters, const CallContext& context);
MethodResult call_author(Parameters& parameters, const CallContext& context);
MethodResult call_match(Parameters& parameters, const CallContext& context);
MethodResult call_cache_stats(Parameters& parameters, const CallContext& context);
MethodResult call_plugin_list(Parameters& parameters, const CallContext& context);

// Texts: nothing is read from the disk unless a file is named, nothing is written.
MethodResult call_bib_parse(Parameters& parameters, const CallContext& context);
MethodResult call_bib_check(Parameters& parameters, const CallContext& context);
MethodResult call_bib_verify(Parameters& parameters, const CallContext& context);
MethodResult call_bib_plan(Parameters& parameters, const CallContext& context);
MethodResult call_convert(Parameters& parameters, const CallContext& context);
MethodResult call_key_generate(Parameters& parameters, const CallContext& context);
MethodResult call_tex_scan(Parameters& parameters, const CallContext& context);

// Files of the user, changed as the commands of those names change them.
MethodResult call_bib_add(Parameters& parameters, const CallContext& context);
MethodResult call_bib_update(Parameters& parameters, const CallContext& context);
MethodResult call_bib_dedupe(Parameters& parameters, const CallContext& context);
MethodResult call_bib_keys(Parameters& parameters, const CallContext& context);
MethodResult call_tex_resolve(Parameters& parameters, const CallContext& context);
MethodResult call_bib_format(Parameters& parameters, const CallContext& context);
MethodResult call_bib_undo(Parameters& parameters, const CallContext& context);
MethodResult call_bib_history(Parameters& parameters, const CallContext& context);

// Reference managers that run on this machine.
MethodResult call_zotero_push(Parameters& parameters, const CallContext& context);
MethodResult call_zotero_pull(Parameters& parameters, const CallContext& context);

}  // namespace bibsmith::plugin
