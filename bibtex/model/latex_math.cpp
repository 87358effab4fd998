#include <cassert>

#include "bibtex/model/latex.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// "100 laptop against " between two dollars is money: a number, words, and nothing of TeX.
bool is_currency(std::string_view content) {
  if (content.empty() || !is_digit(content.front())) return false;
  if (content.find_first_of("\\^_{}=<>+") != npos) return false;
  if (content.find(' ') == npos) return false;
  std::size_t run = 0;
  for (const char c : content) {
    run = is_ascii_letter(c) ? run + 1 : 0;
    if (run == 2) return true;
  }
  return false;
}

// The next '$' that is not escaped.
std::size_t next_dollar(std::string_view tex, std::size_t at) {
  for (; at < tex.size(); ++at) {
    if (tex[at] == '\\') {
      ++at;
    } else if (tex[at] == '$') {
      return at;
    }
  }
  return npos;
}

// The closing "\)"; a second opening before it means that the first is not math, which also keeps the search
// linear over any text.
std::size_t closing_command(std::string_view tex, std::size_t at, char open, char close) {
  for (; at + 1 < tex.size(); ++at) {
    if (tex[at] != '\\') continue;
    if (tex[at + 1] == close) return at + 2;
    if (tex[at + 1] == open) return npos;
    ++at;
  }
  return npos;
}

// TeX stops at unbalanced braces inside math.
bool is_balanced(std::string_view content) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '\\') {
      ++i;
    } else if (content[i] == '{') {
      ++depth;
    } else if (content[i] == '}') {
      if (depth == 0) return false;
      --depth;
    }
  }
  return depth == 0;
}

}  // namespace

std::size_t math_end(std::string_view tex, std::size_t at) {
  assert(at < tex.size());
  if (tex[at] == '\\') {
    if (at + 1 >= tex.size()) return npos;
    if (tex[at + 1] == '(') return closing_command(tex, at + 2, '(', ')');
    if (tex[at + 1] == '[') return closing_command(tex, at + 2, '[', ']');
    return npos;
  }
  if (tex[at] != '$') return npos;

  const bool display = tex.substr(at).starts_with("$$");
  const std::size_t begin = at + (display ? 2 : 1);
  const std::size_t close = next_dollar(tex, begin);
  if (close == npos || close == begin) return npos;
  if (!is_balanced(tex.substr(begin, close - begin))) return npos;
  if (display) return tex.substr(close).starts_with("$$") ? close + 2 : npos;
  return is_currency(tex.substr(begin, close - begin)) ? npos : close + 1;
}

std::size_t group_end(std::string_view tex, std::size_t at) {
  assert(at < tex.size() && tex[at] == '{');
  std::size_t depth = 0;
  for (; at < tex.size(); ++at) {
    if (tex[at] == '{') {
      ++depth;
    } else if (tex[at] == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return npos;
}

}  // namespace bibsmith::bibtex
