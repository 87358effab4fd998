#include "plugin/json/match_answer.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "plugin/json/answers.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;
using bibtex::Criterion;
using bibtex::MatchStatus;

json criterion(Criterion value) {
  if (value == Criterion::unknown) return {};
  return value == Criterion::agrees;
}

json choice_of(const MatchedItem::Choice& choice) {
  const Record& record = choice.record;
  json authors = json::array();
  for (const Author& author : record.authors) authors.push_back(author.name);
  const bibtex::MatchEvidence& evidence = choice.evidence;
  return {{"arxiv_id", record.arxiv_id ? json(record.arxiv_id->base()) : json()},
          {"title", record.title},
          {"authors", authors},
          {"published", record.published.iso()},
          {"evidence",
           {{"title", evidence.title},
            {"similarity", evidence.similarity},
            {"abstract", criterion(evidence.abstract)},
            {"authors", criterion(evidence.authors)},
            {"page_author", criterion(evidence.page_author)},
            {"year", criterion(evidence.year)}}}};
}

json choices_of(const std::vector<MatchedItem::Choice>& choices) {
  json out = json::array();
  for (const MatchedItem::Choice& choice : choices) out.push_back(choice_of(choice));
  return out;
}

json item_of(const bibtex::ReadingItem& item, const MatchedItem& matched) {
  const bool is_one = matched.status == MatchStatus::found || matched.status == MatchStatus::renamed;
  json out{{"line", item.line}, {"title", item.title}};
  out["status"] = status_of(matched);
  out["arxiv_id"] = is_one ? choice_of(matched.chosen.front())["arxiv_id"] : json();
  out["road"] = matched.road == MatchedItem::Road::none ? json() : json(name_of(matched.road));
  out["chosen"] = choices_of(matched.chosen);
  out["refused"] = choices_of(matched.refused);
  if (!item.key.empty()) out["key"] = item.key;
  return out;
}

json error_of(const std::optional<FetchError>& error) {
  if (!error) return {};
  return {{"code", name_of(error->code)}, {"message", error->message}};
}

}  // namespace

std::string_view status_of(const MatchedItem& item) {
  return item.could_not_ask ? "could_not_ask" : bibtex::name_of(item.status);
}

std::string_view name_of(MatchedItem::Road road) {
  constexpr std::array<std::string_view, 4> names = {"", "id", "index", "arxiv"};
  return names[static_cast<std::size_t>(road)];
}

JsonDocument json_of(const MatchAnswer& answer, const AddAnswer* added, const std::string& file) {
  json out{{"form", bibtex::name_of(answer.list.form)},
           {"html", answer.list.is_html},
           {"author", answer.list.author.empty() ? json() : json(answer.list.author)}};
  const std::size_t not_asked = answer.not_asked();
  out["counts"] = {{"items", answer.items.size()},
                   {"found", answer.count(MatchStatus::found)},
                   {"renamed", answer.count(MatchStatus::renamed)},
                   {"several", answer.count(MatchStatus::several)},
                   {"none", answer.count(MatchStatus::none) - not_asked},
                   {"could_not_ask", not_asked},
                   {"left_out", answer.list.items_left_out}};
  out["items"] = json::array();
  for (std::size_t i = 0; i < answer.items.size(); ++i) {
    out["items"].push_back(item_of(answer.list.items[i], answer.items[i]));
  }
  out["headings"] = json::array();
  for (const bibtex::HeadingLine& line : answer.list.headings) {
    out["headings"].push_back({{"line", line.line}, {"text", line.text}});
  }
  out["requests"] = answer.requests;
  out["error"] = error_of(answer.error);
  if (added != nullptr) out["add"] = std::move(json_of(*added, file).value());
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const HarvestAnswer& answer) {
  return JsonDocument(json{{"pages", answer.pages},
                           {"records", answer.records},
                           {"deleted", answer.deleted},
                           {"from", answer.from.iso()},
                           {"resumed", answer.resumed},
                           {"finished", answer.finished},
                           {"error", error_of(answer.error)}});
}

JsonDocument json_of(const ImportAnswer& answer, const std::string& file) {
  return JsonDocument(json{{"file", file},
                           {"kind", name_of(answer.kind)},
                           {"records", answer.records},
                           {"before", answer.before},
                           {"left_out", answer.left_out},
                           {"first_left_out", answer.first_left_out},
                           {"finished", answer.finished}});
}

}  // namespace bibsmith::plugin
