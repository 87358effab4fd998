#pragma once

#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// What stands around a reference: "To appear in", authors and a title in quotes before it, "in press" behind.
struct ReferenceLead {
  std::string text;    // the reference itself
  std::string before;  // authors and title that were taken off
  bool forthcoming = false;
  bool edited = false;   // editors stood before the title: a book
  bool meeting = false;  // "proceedings of the workshop" stood before a name in quotes
  bool within = false;   // "in …", "Dans …": what follows is a book or proceedings, or may be
};

ReferenceLead take_lead(std::string_view text);

}  // namespace bibsmith::bibtex
