#include "plugin/json/sync_answers.hpp"

#include <chrono>
#include <optional>

#include <nlohmann/json.hpp>

#include "plugin/session/time_text.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::optional<std::string>& text) { return text ? json(*text) : json(); }

json side_of(const SyncedEntries& entries, bool is_written) {
  return {{"written", is_written},
          {"added", entries.added},
          {"changed", entries.changed},
          {"removed", entries.removed}};
}

json conflicts_of(const std::vector<SyncConflict>& conflicts) {
  json out = json::array();
  for (const SyncConflict& conflict : conflicts) {
    json one{{"key", conflict.key}, {"parts", json::array()}};
    for (const bibtex::PartConflict& part : conflict.parts) {
      one["parts"].push_back({{"name", part.part},
                              {"base", text_or_null(part.base)},
                              {"file", text_or_null(part.file)},
                              {"library", text_or_null(part.library)}});
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

JsonDocument json_of(const SyncAnswer& answer, const SyncRequest& request) {
  json out{{"library", request.library},
           {"revision", answer.revision},
           {"role", answer.role},
           {"in_file", side_of(answer.file, answer.changed_file)},
           {"in_library", side_of(answer.library, answer.changed_library)},
           {"conflicts", conflicts_of(answer.conflicts)}};
  out["problems"] = answer.problems;
  out["diff"] = answer.diff;
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const LibraryUndoAnswer& answer, const std::string& library, bool is_written) {
  return JsonDocument(json{{"library", library},
                           {"revision", answer.revision},
                           {"person", answer.person},
                           {"in_library", side_of(answer.library, is_written)},
                           {"conflicts", conflicts_of(answer.conflicts)}});
}

JsonDocument json_of_libraries(const std::vector<std::pair<std::string, std::string>>& libraries) {
  json out{{"libraries", json::array()}};
  for (const auto& [name, role] : libraries) out["libraries"].push_back({{"name", name}, {"role", role}});
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const std::vector<fetchers::LibraryMember>& members) {
  json out{{"members", json::array()}};
  for (const fetchers::LibraryMember& one : members)
    out["members"].push_back({{"person", one.person}, {"role", one.role}});
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const std::vector<fetchers::LibraryEvent>& history) {
  json out{{"changes", json::array()}};
  for (const fetchers::LibraryEvent& one : history) {
    out["changes"].push_back({{"revision", one.revision},
                              {"time", time_of(std::chrono::sys_seconds(std::chrono::seconds(one.made)))},
                              {"person", one.person},
                              {"old", text_or_null(one.old_text)},
                              {"new", text_or_null(one.new_text)}});
  }
  return JsonDocument(std::move(out));
}

}  // namespace bibsmith::plugin
