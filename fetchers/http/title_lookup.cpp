#include "fetchers/http/title_lookup.hpp"

#include <utility>

#include "fetchers/http/answer_text.hpp"

namespace bibsmith::fetchers {

TitleLookup::TitleLookup(TitleProtocol protocol, Transport& transport, Clock& clock, TitleSink sink)
    : protocol_(std::move(protocol)), transport_(transport), clock_(clock), sink_(std::move(sink)) {}

TitleAnswer TitleLookup::find(const TitleQuery& query, std::stop_token stop) {
  const std::string url = protocol_.url(query);
  if (url.empty()) {
    return tl::unexpected(FetchError{.code = FetchError::Code::rejected,
                                     .message = "a title without a word cannot be searched for"});
  }
  const auto response = transport_.send({.url = url, .accept = protocol_.accept}, std::move(stop));
  if (!response) return tl::unexpected(response.error());
  if (auto error = why_no_answer(*response, url)) return tl::unexpected(*std::move(error));
  const Origin origin{.source = protocol_.source, .url = url, .retrieved = clock_.calendar()};
  auto records = protocol_.read(response->body, origin);
  if (!records) return tl::unexpected(error_in_answer(records.error(), *response, url));
  if (sink_) sink_(query, response->body, origin);
  return records;
}

}  // namespace bibsmith::fetchers
