#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/check/data_model.hpp"
#include "bibtex/check/findings.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// The text with what stands in braces replaced by one '{': what BibTeX looks at to cut names.
std::string outside_braces(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '}' && depth > 0) {
      --depth;
      continue;
    }
    if (c == '{' && depth++ == 0) out += c;
    if (depth == 0) out += c;
  }
  return out;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    const bool is_break = is_white_space(c) || c == '~';
    if (!is_break && !in_word) ++words;
    in_word = !is_break;
  }
  return words;
}

bool has_initial(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool starts_word =
        i == 1 || is_white_space(text[i - 2]) || text[i - 2] == '.' || text[i - 2] == '~';
    if (text[i] == '.' && text[i - 1] >= 'A' && text[i - 1] <= 'Z' && starts_word) return true;
  }
  return false;
}

// "J. Smith, B. Jones": two whole names, each with a first and a last, where BibTeX sees one.
bool is_two_names(std::string_view name) {
  const std::size_t comma = name.find(',');
  const std::string_view first = trimmed(name.substr(0, comma));
  const std::string_view second = trimmed(name.substr(comma + 1));
  return has_initial(first) && count_words(first) >= 2 && has_initial(second) && count_words(second) >= 2 &&
         second.back() != '.';
}

// Whether an 'and' begins or ends the list, or stands beside another. White space is collapsed.
bool lacks_name(std::string_view list) {
  std::string open = in_lower_case(outside_braces(list));
  return open == "and" || open.starts_with("and ") || open.ends_with(" and") ||
         open.find(" and and ") != std::string::npos;
}

bool ends_with_word(std::string_view text, std::string_view word) {
  if (text.size() <= word.size()) return false;
  const char before = lower(text[text.size() - word.size() - 1]);
  return equal_ignoring_case(text.substr(text.size() - word.size()), word) &&
         !(before >= 'a' && before <= 'z');
}

class NameList {
 public:
  NameList(const EntryCheck& check, const FieldNode& field, std::string_view field_name)
      : check_(check), span_(text_span(check.document, field)), field_name_(field_name) {}

  void look_at(std::string_view list) {
    if (lacks_name(list)) add("check.empty-name", "a name is missing beside an 'and'");
    const std::vector<std::string_view> names = split_names(list);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view name = trimmed(names[i]);
      if (name.empty()) continue;
      if (!equal_ignoring_case(name, "others")) {
        look_at_name(name);
      } else if (i + 1 < names.size()) {
        add("check.others-inside", "'others' stands before the last name");
      }
    }
  }

 private:
  void look_at_name(std::string_view name) {
    if (parse_extended_name(name)) return;  // its commas and signs have another meaning
    const std::string open = outside_braces(name);
    const auto commas = std::count(open.begin(), open.end(), ',');
    if (ends_with_word(name, "et al.") || ends_with_word(name, "et al") || ends_with_word(name, "et~al.")) {
      add("check.et-al", in_quotes(name) + ": write 'and others'");
    } else if (open.find(';') != std::string::npos && open.find("\\;") == std::string::npos) {
      add("check.name-separator", in_quotes(name) + ": names are joined by 'and', not by ';'");
    } else if (open.find(" \\& ") != std::string::npos || open.find(" & ") != std::string::npos) {
      add("check.name-separator",
          in_quotes(name) + ": names are joined by 'and', not by '&'; an organisation " + "stands in braces");
    } else if (commas > 2 || (commas == 1 && is_two_names(open))) {
      add("check.name-commas", in_quotes(name) + " has " + std::to_string(commas) +
                                   (commas == 1 ? " comma" : " commas") + ": names are joined by 'and'");
    } else if (open.back() == ',' && open != "{,") {  // ADS closes collaborations so; it does no harm
      add("check.name-comma-last", in_quotes(name) + " ends with a comma");
    } else if (open.front() == ',') {
      add("check.no-family-name", in_quotes(name) + " has no family name");
    } else if (open.find("://") != std::string::npos || open.find('@') != std::string::npos) {
      add("check.odd-name", in_quotes(name) + " is no name");
    }
  }

  void add(std::string_view code, std::string message) {
    // The field's text may come from macros, so the whole value is the place.
    check_.findings.add(code, Severity::warning, span_, std::string(field_name_) + ": " + std::move(message));
  }

  const EntryCheck& check_;
  Span span_;
  std::string_view field_name_;
};

}  // namespace

void check_names(const EntryCheck& check) {
  for (const FieldNode& field : check.document.fields(check.block)) {
    const std::string_view name = check.document.text(field.name);
    if (!is_name_field(name)) continue;
    const std::string list = check.macros.value_text(check.document, field);
    if (!list.empty()) NameList(check, field, name).look_at(list);
  }
}

}  // namespace bibsmith::bibtex
