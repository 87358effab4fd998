#include "plugin/lsp/citations.hpp"

#include <algorithm>
#include <array>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/latex/citation_scan.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t context_bytes_max = 4000;  // how far a citation may be open before the cursor

bool is_letter(char c) { return bibtex::lower(c) >= 'a' && bibtex::lower(c) <= 'z'; }
bool is_alnum(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Marks inside a key, not at its end (pandoc's manual, "Citation syntax").
constexpr bibtex::ByteSet inner_marks(":.#$%&-+?<>~/");
constexpr bibtex::ByteSet typst_marks(":.-");

bool is_key_byte(char c, Language language) {
  return is_alnum(c) || c == '_' || (language == Language::typst ? typst_marks : inner_marks).contains(c);
}

// The end of the key that begins at `at`.
std::size_t end_of_key(std::string_view text, std::size_t at, Language language) {
  std::size_t end = at;
  while (end < text.size() && is_key_byte(text[end], language)) ++end;
  while (end > at && !is_alnum(text[end - 1]) && text[end - 1] != '_') --end;
  return end;
}

bibtex::Span span_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

bool begins_line(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }

// Behind code that begins at `at`: a fenced block, `code`, or an Org block; `at` itself if there is none.
std::size_t behind_code(std::string_view text, std::size_t at, Language language) {
  if (language == Language::org) {
    constexpr std::array<std::string_view, 2> blocks = {"#+begin_src", "#+begin_example"};
    for (const std::string_view block : blocks) {
      if (begins_line(text, at) && bibtex::equal_ignoring_case(text.substr(at, block.size()), block)) {
        const std::size_t end = text.find("#+", at + block.size());
        return end == text.npos ? text.size() : end + 2;
      }
    }
    return at;
  }
  if (text[at] == '/' && language == Language::typst && text.substr(at, 2) == "//" &&
      (at == 0 || text[at - 1] != ':')) {
    return std::min(text.find('\n', at), text.size());
  }
  if (text[at] != '`') return at;
  std::size_t ticks = at;
  while (ticks < text.size() && text[ticks] == '`') ++ticks;
  const std::string fence(ticks - at, '`');
  const std::size_t close = text.find(fence, ticks);
  if (close == text.npos) return fence.size() >= 3 ? text.size() : ticks;
  return close + fence.size();
}

// "@key" and "@{key}", which no word stands before.
class MarkupScan {
 public:
  MarkupScan(std::string_view text, Language language)
      : text_(text.substr(0, UINT32_MAX)), language_(language) {}

  std::vector<bibtex::Span> run() {
    while (at_ < text_.size()) {
      const std::size_t behind = behind_code(text_, at_, language_);
      if (behind > at_) {
        at_ = behind;
      } else if (text_[at_] == '@') {
        at_sign();
      } else if (language_ == Language::typst && text_[at_] == '<') {
        typst_label();
      } else if (language_ == Language::org && text_[at_] == 'c') {
        org_ref();
      } else {
        ++at_;
      }
    }
    return std::move(keys_);
  }

 private:
  bool stands_before_word() const {
    return at_ > 0 && (is_alnum(text_[at_ - 1]) || text_[at_ - 1] == '\\' || text_[at_ - 1] == '.' ||
                       text_[at_ - 1] == '/');
  }

  void add(std::size_t begin, std::size_t end) {
    if (end > begin) keys_.push_back(span_of(begin, end));
    at_ = std::max(end, at_ + 1);
  }

  void at_sign() {
    if (stands_before_word()) return void(++at_);
    if (language_ == Language::markdown && at_ + 1 < text_.size() && text_[at_ + 1] == '{') {
      const std::size_t close = text_.find_first_of("}\n", at_);
      if (close != text_.npos && text_[close] == '}') return add(at_ + 2, close);
      return void(++at_);
    }
    if (at_ + 1 < text_.size() && (is_alnum(text_[at_ + 1]) || text_[at_ + 1] == '_')) {
      return add(at_ + 1, end_of_key(text_, at_ + 1, language_));
    }
    ++at_;
  }

  // cite(<key>), and behind a comma cite(<a>, <b>)
  void typst_label() {
    constexpr std::string_view call = "cite(";
    const std::string_view before = text_.substr(0, at_);
    const std::size_t open = before.rfind(call);
    const std::size_t close = text_.find_first_of(">\n", at_);
    if (open == before.npos || before.find(')', open) != before.npos || close == text_.npos ||
        text_[close] != '>') {
      return void(++at_);
    }
    add(at_ + 1, close);
  }

  // "cite:key,key" of org-ref
  void org_ref() {
    std::size_t colon = at_;
    while (colon < text_.size() && is_letter(text_[colon])) ++colon;
    const std::string_view word = text_.substr(at_, colon - at_);
    if (stands_before_word() || colon + 1 >= text_.size() || text_[colon] != ':' ||
        !word.starts_with("cite") || text_[colon + 1] == '@' || !is_alnum(text_[colon + 1]) ||
        (at_ > 0 && text_[at_ - 1] == '[')) {
      at_ = std::max(colon, at_ + 1);
      return;
    }
    at_ = colon;
    do {
      const std::size_t end = end_of_key(text_, at_ + 1, language_);
      if (end == at_ + 1) break;
      add(at_ + 1, end);
    } while (at_ < text_.size() && text_[at_] == ',');
  }

  std::string_view text_;
  Language language_;
  std::size_t at_ = 0;
  std::vector<bibtex::Span> keys_;
};

// Behind the last byte that is no white space before `at`.
std::size_t before_space(std::string_view text, std::size_t at) {
  while (at > 0 && is_space(text[at - 1])) --at;
  return at;
}

// Where the group that ends before `at` begins, if one does: "[…]" or "<…>".
std::size_t before_option(std::string_view text, std::size_t at) {
  for (const auto& [open, close] : {std::pair{'[', ']'}, {'<', '>'}, {'(', ')'}}) {
    if (at == 0 || text[at - 1] != close) continue;
    std::size_t depth = 0;
    for (std::size_t i = at; i-- > 0;) {
      if (text[i] == close) ++depth;
      if (text[i] == open && --depth == 0) return i;
    }
  }
  return at;
}

std::optional<TypedKey> typed_in_latex(std::string_view text, std::size_t cursor) {
  const std::size_t limit = cursor - std::min(cursor, context_bytes_max);
  std::size_t open = cursor;
  while (open > limit && text[open - 1] != '{' && text[open - 1] != '}' && text[open - 1] != '\\') --open;
  if (open == limit || text[open - 1] != '{') return std::nullopt;
  const std::string_view inside = text.substr(open, cursor - open);
  if (inside.find("\n\n") != inside.npos) return std::nullopt;

  std::size_t name_end = before_space(text, open - 1);
  for (std::size_t before = before_option(text, name_end); before != name_end;
       before = before_option(text, name_end)) {
    name_end = before_space(text, before);
  }
  if (name_end > 0 && text[name_end - 1] == '*') --name_end;
  std::size_t name = name_end;
  while (name > 0 && (is_letter(text[name - 1]) || text[name - 1] == '@')) --name;
  if (name == 0 || text[name - 1] != '\\' || !is_cite_command(text.substr(name, name_end - name))) {
    return std::nullopt;
  }
  std::size_t begin = cursor;
  while (begin > open && text[begin - 1] != ',') --begin;
  while (begin < cursor && is_space(text[begin])) ++begin;
  std::size_t end = cursor;
  while (end < text.size() && text[end] != ',' && text[end] != '}' && text[end] != '\n' && text[end] != '%' &&
         text[end] != '\\' && text[end] != '{') {
    ++end;
  }
  end = std::max(cursor, before_space(text, end));
  return TypedKey{span_of(begin, end), std::string(text.substr(begin, cursor - begin))};
}

std::optional<TypedKey> typed_in_markup(std::string_view text, std::size_t cursor, Language language) {
  std::size_t begin = cursor;
  while (begin > 0 && is_key_byte(text[begin - 1], language)) --begin;
  if (begin == 0) return std::nullopt;
  const char mark = text[begin - 1];
  const bool is_braced = mark == '{' && begin > 1 && text[begin - 2] == '@';
  const std::size_t at = begin - (is_braced ? 2 : 1);
  const bool is_at =
      (mark == '@' || is_braced) && (at == 0 || (!is_alnum(text[at - 1]) && text[at - 1] != '\\'));
  const bool is_label =
      mark == '<' && language == Language::typst && text.substr(0, begin - 1).ends_with("cite(");
  if (!is_at && !is_label) return std::nullopt;
  const std::size_t end = std::max(cursor, end_of_key(text, begin, language));
  return TypedKey{span_of(begin, end), std::string(text.substr(begin, cursor - begin))};
}

// The texts between `open` and `close` behind each `head`.
std::vector<std::string_view> arguments_of(std::string_view text, std::string_view head, char open,
                                           char close) {
  std::vector<std::string_view> arguments;
  for (std::size_t at = text.find(head); at != text.npos; at = text.find(head, at + 1)) {
    const std::size_t line = text.rfind('\n', at) + 1;
    if (text.substr(line, at - line).find('%') != std::string_view::npos && head[0] == '\\') continue;
    std::size_t begin = at + head.size();
    while (begin < text.size() && is_space(text[begin])) ++begin;
    if (begin < text.size() && text[begin] == '[')
      begin = std::min(text.find(']', begin), text.size() - 1) + 1;
    if (begin >= text.size() || text[begin] != open) continue;
    const std::size_t end = text.find(close, begin + 1);
    if (end != text.npos) arguments.push_back(text.substr(begin + 1, end - begin - 1));
  }
  return arguments;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_space(text.front()) || text.front() == '"' || text.front() == '\''))
    text.remove_prefix(1);
  while (!text.empty() && (is_space(text.back()) || text.back() == '"' || text.back() == '\''))
    text.remove_suffix(1);
  return text;
}

void add_list(std::vector<std::string>& names, std::string_view list, bool adds_extension) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string name(trimmed(list.substr(0, comma)));
    if (!name.empty() && adds_extension && !name.ends_with(".bib")) name += ".bib";
    if (name.ends_with(".bib")) names.push_back(std::move(name));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

// "bibliography: refs.bib", a list in brackets, or one a line behind a dash, before the second "---".
void add_yaml(std::vector<std::string>& names, std::string_view text) {
  constexpr std::string_view key = "bibliography:";
  if (!text.starts_with("---")) return;
  const std::string_view front = text.substr(0, text.find("\n---", 3));
  const std::size_t at = front.find("\nbibliography:");
  if (at == front.npos) return;
  std::string_view rest = front.substr(at + 1 + key.size());
  const std::size_t line_end = std::min(rest.find('\n'), rest.size());
  std::string_view first = trimmed(rest.substr(0, line_end));
  if (first.starts_with('[')) first = first.substr(1, first.find(']') - 1);
  add_list(names, first, false);
  rest.remove_prefix(line_end);
  while (rest.starts_with('\n')) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view item = trimmed(rest.substr(0, end));
    if (!item.starts_with('-')) break;
    add_list(names, item.substr(1), false);
    rest.remove_prefix(end);
  }
}

}  // namespace

std::vector<bibtex::Span> citations_in(std::string_view text, Language language) {
  switch (language) {
    case Language::latex:
      return cited_keys(text);
    case Language::markdown:
    case Language::typst:
    case Language::org:
      return MarkupScan(text, language).run();
    case Language::bibtex:
    case Language::other:
      break;
  }
  return {};
}

bool may_be_label(std::string_view key, Language language) {
  if (language == Language::typst) return true;
  if (language != Language::markdown) return false;
  // pandoc-crossref, Quarto, bookdown
  constexpr std::array<std::string_view, 12> prefixes = {
      "fig:", "tbl:", "eq:", "sec:", "lst:", "tab:", "fig-", "tbl-", "eq-", "sec-", "lst-", "thm-"};
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return key.starts_with(prefix); });
}

std::optional<TypedKey> typed_key(std::string_view text, std::uint32_t cursor, Language language) {
  const std::size_t at = std::min<std::size_t>(cursor, text.size());
  if (language == Language::latex) return typed_in_latex(text, at);
  if (language == Language::bibtex || language == Language::other) return std::nullopt;
  return typed_in_markup(text, at, language);
}

std::vector<std::string> bibliographies_in(std::string_view text, Language language) {
  std::vector<std::string> names;
  if (language == Language::latex) {
    for (const auto list : arguments_of(text, "\\bibliography", '{', '}')) add_list(names, list, true);
    for (const auto list : arguments_of(text, "\\addbibresource", '{', '}')) add_list(names, list, true);
  } else if (language == Language::markdown) {
    add_yaml(names, text);
  } else if (language == Language::typst) {
    for (const auto list : arguments_of(text, "#bibliography", '(', ')')) add_list(names, list, false);
  } else if (language == Language::org) {
    constexpr std::string_view keyword = "#+bibliography:";
    for (std::size_t line = 0; line < text.size();
         line = std::min(text.find('\n', line), text.size() - 1) + 1) {
      if (!bibtex::equal_ignoring_case(text.substr(line, keyword.size()), keyword)) continue;
      const std::size_t begin = line + keyword.size();
      add_list(names, text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin), false);
    }
  }
  return names;
}

}  // namespace bibsmith::plugin
