#pragma once

#include <string>

#include "bibtex/normalize/comment.hpp"
#include "bibtex/normalize/journal_ref.hpp"

namespace bibsmith::testing {

// What a reader made of a text, on one line, as docs/journal-ref.md writes it.

inline std::string described(const Publication& publication) {
  constexpr const char* types[] = {"unknown", "article", "inproceedings", "incollection", "book",
                                   "thesis",  "report",  "dataset",       "preprint"};
  std::string out = types[static_cast<std::size_t>(publication.type)];
  const auto add = [&](const char* label, const std::string& value) {
    if (!value.empty()) out += std::string("; ") + label + value;
  };
  add("", publication.container);
  add("series ", publication.series);
  add("vol ", publication.volume);
  add("no ", publication.number);
  add("pp ", publication.pages);
  add("art ", publication.eid);
  add("", publication.date.iso());
  add("by ", publication.publisher);
  return out;
}

inline std::string described(const bibtex::JournalRef& reference) {
  std::string out = described(reference.publication);
  if (reference.forthcoming) out += "; forthcoming";
  if (reference.doi) out += "; doi " + reference.doi->str();
  constexpr const char* kinds[] = {"also", "erratum", "corrigendum", "addendum", "translation"};
  for (const bibtex::RelatedReference& related : reference.related) {
    out += std::string(" + ") + kinds[static_cast<std::size_t>(related.kind)] + " (" +
           described(related.publication) + ")";
  }
  if (!reference.rest.empty()) out += "; rest: " + reference.rest;
  for (const bibtex::NormalizeFinding& finding : reference.findings) out += "; ? " + finding.code;
  return out;
}

inline std::string described(const bibtex::CommentReading& comment) {
  constexpr const char* statuses[] = {"none",      "submitted",  "accepted", "to appear", "published",
                                      "presented", "bare venue", "thesis",   "withdrawn", "superseded"};
  std::string out = statuses[static_cast<std::size_t>(comment.status)];
  if (!comment.thesis_kind.empty()) out += " (" + comment.thesis_kind + ")";
  if (!comment.venue.empty()) out += "; " + comment.venue;
  if (!comment.booktitle.empty()) out += "; in " + comment.booktitle;
  if (!comment.series.empty()) out += "; series " + comment.series;
  if (!comment.journal.empty()) out += "; in " + comment.journal;
  if (comment.year != 0) out += "; " + std::to_string(comment.year);
  if (comment.pages != 0) out += "; " + std::to_string(comment.pages) + " pages";
  if (comment.figures != 0) out += "; " + std::to_string(comment.figures) + " figures";
  if (comment.tables != 0) out += "; " + std::to_string(comment.tables) + " tables";
  if (comment.successor) out += "; see " + comment.successor->str();
  if (comment.doi) out += "; doi " + comment.doi->str();
  return out;
}

}  // namespace bibsmith::testing
