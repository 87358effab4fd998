#include "plugin/http/group_clients.hpp"

#include <algorithm>
#include <set>
#include <sys/stat.h>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::string_view blanks = " \t\r";

bool is_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](char c) {
    return bibtex::is_digit(c) || (bibtex::lower(c) >= 'a' && bibtex::lower(c) <= 'z') ||
           others.find(c) != others.npos;
  });
}

// The next word of the line, which it is cut from.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

// Why the line is none; empty: it is.
std::string problem_of(std::string_view name, std::string_view token, std::string_view rest) {
  if (token.empty() || !rest.empty()) return "a line has a name and a token";
  if (name.size() > name_bytes_max || !is_of(name, "._@-"))
    return "a name has letters, digits and ._@-, at most 64";
  if (token.size() < token_bytes_min || token.size() > token_bytes_max || !is_of(token, "-._~+/="))
    return "a token has 32 to 256 letters, digits and -._~+/=";
  return {};
}

}  // namespace

tl::expected<std::vector<ServiceToken>, std::string> parse_tokens(std::string_view text) {
  std::vector<ServiceToken> tokens;
  std::set<std::string_view> known;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string_view name = take_word(line);
    if (name.empty() || name.front() == '#') continue;
    const std::string_view token = take_word(line);
    std::string problem = problem_of(name, token, take_word(line));
    if (problem.empty() && !known.insert(token).second) problem = "this token is that of a line before";
    if (problem.empty() && tokens.size() == tokens_max) problem = "more than 10000 tokens";
    if (!problem.empty()) return tl::unexpected(std::to_string(number) + ": " + problem);
    tokens.push_back({std::string(name), std::string(token)});
  }
  return tokens;
}

tl::expected<std::vector<ServiceToken>, std::string> read_tokens(const std::string& path) {
  struct stat status {};
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error().message);
  if (!*text || ::stat(path.c_str(), &status) != 0) return tl::unexpected(path + " does not exist");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return tl::unexpected(path + " is open to others: chmod 600 it, and make new tokens");
  }
  auto tokens = parse_tokens(**text);
  if (!tokens) return tl::unexpected(path + ':' + tokens.error());
  if (tokens->empty()) return tl::unexpected(path + " has no token");
  return tokens;
}

RateLimit::RateLimit(std::size_t clients, unsigned a_minute)
    : next_(a_minute == 0 ? 0 : clients, Clock::time_point::min()) {
  if (a_minute == 0) return;
  interval_ = Clock::duration(std::chrono::minutes(1)) / a_minute;
  saved_max_ = interval_ * (std::max(a_minute / 6, 1u) - 1);
}

std::optional<RateLimit::Clock::duration> RateLimit::take(std::size_t client, Clock::time_point now) {
  if (next_.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Clock::time_point& next = next_[client];
  next = std::max(next, now - saved_max_);
  if (next > now) return next - now;
  next += interval_;
  return std::nullopt;
}

}  // namespace bibsmith::plugin
