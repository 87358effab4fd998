#include "tests/arxiv_emulator/query_adapter.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

struct Token {
  enum class Kind { prefix, value, operation, open, close };
  Kind kind = Kind::value;
  std::string text;
};
using Kind = Token::Kind;

constexpr std::string_view fields[] = {
    "ti:", "au:", "abs:", "co:", "jr:", "cat:", "rn:", "id:", "all:", "doi:", "submittedDate:"};
constexpr std::string_view date_range = "submittedDate:[";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// "2023", "202302", "20230215" and on to minutes: the first or the last minute of it. Fourteen digits are
// cut.
std::string completed_date(std::string_view digits, bool is_end) {
  std::string out(digits.substr(0, 12));
  if (out.size() == 4) out += is_end ? "12" : "01";
  if (out.size() == 6) {
    unsigned last = 1;
    if (is_end) {
      const std::chrono::year_month month{
          std::chrono::year{std::stoi(out.substr(0, 4))},
          std::chrono::month{static_cast<unsigned>(std::stoi(out.substr(4)))}};
      last = month.ok() ? static_cast<unsigned>((month / std::chrono::last).day()) : 31;
    }
    out += last < 10 ? "0" + std::to_string(last) : std::to_string(last);
  }
  if (out.size() == 8) out += is_end ? "23" : "00";
  if (out.size() == 10) out += is_end ? "59" : "00";
  return out;
}

bool is_date(std::string_view text) {
  return text.size() >= 4 && text.size() <= 14 && text.size() % 2 == 0 &&
         text.find_first_not_of("0123456789") == text.npos;
}

// submittedDate:[A TO B] -> submittedDate:"A TO B"; anything else in brackets stays.
void rewrite_date_ranges(std::string& query) {
  std::size_t from = 0;
  for (std::size_t at = query.find(date_range); at != query.npos; at = query.find(date_range, from)) {
    from = at + date_range.size();
    const std::size_t close = query.find(']', from);
    if (close == query.npos) return;
    const std::string range = query.substr(from, close - from);
    const std::size_t to = range.find(" TO ");
    if (to == range.npos) continue;
    const std::string_view begin = trim(std::string_view(range).substr(0, to));
    const std::string_view end = trim(std::string_view(range).substr(to + 4));
    if (!is_date(begin) || !is_date(end)) continue;
    const std::string quoted =
        "\"" + completed_date(begin, false) + " TO " + completed_date(end, true) + "\"";
    query.replace(from - 1, close - from + 2, quoted);
    from += quoted.size() - 1;
  }
}

std::vector<Token> tokens_of(std::string_view query) {
  std::vector<Token> tokens;
  std::size_t i = 0;
  while (i < query.size()) {
    const char c = query[i];
    if (is_space(c)) {
      ++i;
    } else if (c == '(' || c == ')') {
      tokens.push_back({c == '(' ? Kind::open : Kind::close, std::string(1, c)});
      ++i;
    } else if (c == '"') {
      const std::size_t end = std::min(query.find('"', i + 1), query.size() - 1) + 1;
      tokens.push_back({Kind::value, std::string(query.substr(i, end - i))});
      i = end;
    } else {
      const auto field = std::ranges::find_if(
          fields, [rest = query.substr(i)](std::string_view name) { return rest.starts_with(name); });
      if (field != std::end(fields) || query.substr(i).starts_with("title:")) {
        tokens.push_back({Kind::prefix, field == std::end(fields) ? "ti:" : std::string(*field)});
        i = query.find(':', i) + 1;
        continue;
      }
      const std::size_t end = std::min(query.find_first_of(" \t\v\f()\"", i), query.size());
      const std::string word(query.substr(i, end - i));
      if (word == "AND" || word == "OR" || word == "ANDNOT" || word == "NOT") {
        tokens.push_back({Kind::operation, word == "NOT" ? "ANDNOT" : word});
      } else {
        tokens.push_back({Kind::value, word});
      }
      i = end;
    }
  }
  return tokens;
}

// arXiv looks at the second token only, and then gives its text to every author in the query.
void rewrite_underscores(std::vector<Token>& tokens) {
  if (tokens.size() < 2 || tokens[1].kind != Kind::value || tokens[1].text.find('_') == std::string::npos ||
      tokens[1].text.starts_with('"')) {
    return;
  }
  std::string spaced = "\"" + tokens[1].text + "\"";
  std::ranges::replace(spaced, '_', ' ');
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind == Kind::prefix && tokens[i].text == "au:" && tokens[i + 1].kind == Kind::value) {
      tokens[i + 1].text = spaced;
    }
  }
}

// Gives every value its prefix and puts operators where they are missing; prefixes are gone afterwards.
std::vector<Token> completed(const std::vector<Token>& tokens) {
  std::vector<Token> out;
  std::vector<std::string> groups;  // the prefix that each open parenthesis has
  std::string prefix;
  const auto before_operand = [&out] {
    if (!out.empty() && (out.back().kind == Kind::value || out.back().kind == Kind::close)) {
      out.push_back({Kind::operation, "OR"});
    }
  };
  for (const Token& token : tokens) {
    const std::string& inherited = groups.empty() ? std::string{} : groups.back();
    const std::string& effective = prefix.empty() ? inherited : prefix;
    switch (token.kind) {
      case Kind::prefix:
        prefix = token.text;
        continue;
      case Kind::value:
        before_operand();
        out.push_back({Kind::value, (effective.empty() ? "all:" : effective) + token.text});
        break;
      case Kind::open:
        before_operand();
        out.push_back(token);
        groups.push_back(effective);
        break;
      case Kind::close:
        out.push_back(token);
        if (!groups.empty()) groups.pop_back();
        break;
      case Kind::operation:
        if (!out.empty() && out.back().kind == Kind::operation) out.pop_back();
        out.push_back(token);
        break;
    }
    prefix.clear();
  }
  return out;
}

}  // namespace

std::string adapt_query(std::string_view query) {
  std::string text(query);
  std::ranges::replace(text, '\r', ' ');
  std::ranges::replace(text, '\n', ' ');
  replace_all(text, "lastUpdatedDate:", "submittedDate:");
  rewrite_date_ranges(text);
  std::vector<Token> tokens = tokens_of(text);
  rewrite_underscores(tokens);

  std::string out;
  Kind last = Kind::open;
  for (const Token& token : completed(tokens)) {
    const bool sticks = (last == Kind::open && token.kind == Kind::value) ||
                        (last == Kind::value && token.kind == Kind::close);
    if (!out.empty() && !sticks) out += ' ';
    out += token.text;
    last = token.kind;
  }
  return out;
}

}  // namespace bibsmith::emulator
