#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "bibtex/model/entry.hpp"

namespace bibsmith::plugin {

// Works as they cross to plugins and back: CSL-JSON (schema 1.0.2).

// One item an entry, in their order.
nlohmann::ordered_json csl_items(std::span<const bibtex::Entry> entries);

// The item as an entry with a key of its own: its "citation-key", or made of author, year and title. Members
// of another type than the schema's are passed over; what CSL has and BibTeX has not is dropped. [any thread]
bibtex::Entry entry_of_csl(const nlohmann::ordered_json& item, bibtex::Dialect dialect,
                           bibtex::TextEncoding encoding);

// Whether bibtex and biber take the text for a key: no white space, braces, commas and their like. [any
// thread]
bool is_citation_key(const std::string& text);

// Makes of `entry` what a plugin made of its item: fields that differ between the two items are set or
// removed, and no other byte changes.
void apply_csl_change(bibtex::Entry& entry, const nlohmann::ordered_json& before,
                      const nlohmann::ordered_json& after, bibtex::Dialect dialect,
                      bibtex::TextEncoding encoding);

}  // namespace bibsmith::plugin
