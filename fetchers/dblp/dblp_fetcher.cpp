#include "fetchers/dblp/dblp_fetcher.hpp"

#include <algorithm>
#include <utility>

#include "fetchers/http/answer_text.hpp"
#include "fetchers/http/url_text.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t words_max = 24;
constexpr std::size_t hits_max = 30;

// Adds the words of `text`: letters and digits, and what is no ASCII. Signs have a meaning to DBLP ("-word"
// excludes, "|" is an or, "$" ends a word), and its titles are searched without them.
void add_words(std::vector<std::string>& words, const std::string& text) {
  std::string word;
  const auto take = [&] {
    if (!word.empty() && words.size() < words_max && std::ranges::find(words, word) == words.end()) {
      words.push_back(word);
    }
    word.clear();
  };
  bool is_command = false;  // "\alpha" of TeX is no word of a title
  for (const char c : text) {
    const bool is_letter_or_more = is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
    if (c == '\\') {
      take();
      is_command = true;
    } else if (is_letter_or_more || is_digit(c)) {
      if (is_command && is_letter_or_more) continue;
      is_command = false;
      word += lower(c);
    } else {
      is_command = false;
      // "it's" is one word there.
      if (c != '\'') take();
    }
  }
  take();
}

}  // namespace

std::string dblp_query_words(const TitleQuery& query) {
  std::vector<std::string> words;
  add_words(words, plain_text(query.title));
  if (words.empty()) return {};
  add_words(words, plain_text(query.first_author));
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

DblpFetcher::DblpFetcher(Transport& transport, Clock& clock, Sink sink, std::string base)
    : transport_(transport), clock_(clock), sink_(std::move(sink)), base_(std::move(base)) {}

tl::expected<std::vector<Record>, FetchError> DblpFetcher::find(const TitleQuery& query,
                                                                std::stop_token stop) {
  const std::string words = dblp_query_words(query);
  if (words.empty()) {
    return tl::unexpected(FetchError{.code = FetchError::Code::rejected,
                                     .message = "a title without a word cannot be searched for"});
  }
  const std::string url = base_ + "/search/publ/api?q=" + url_encoded(words) +
                          "&h=" + std::to_string(hits_max) + "&c=0&format=xml";
  const auto response = transport_.send({.url = url, .accept = "application/xml"}, std::move(stop));
  if (!response) return tl::unexpected(response.error());
  if (auto error = why_no_answer(*response, url)) return tl::unexpected(*std::move(error));
  const Origin origin{.source = std::string(dblp_source), .url = url, .retrieved = clock_.calendar()};
  auto answer = parse_dblp(response->body, origin);
  if (!answer) return tl::unexpected(error_in_answer(answer.error(), *response, url));
  if (sink_) sink_(query, response->body, origin);
  std::vector<Record> records;
  for (DblpHit& hit : answer->hits) records.push_back(std::move(hit.record));
  return records;
}

}  // namespace bibsmith::fetchers
