#include "tests/arxiv_emulator/oai_endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/oai_record.hpp"
#include "tests/arxiv_emulator/oai_sets.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

constexpr std::string_view base_url = "https://oaipmh.arxiv.org/oai";
constexpr std::string_view identifier_prefix = "oai:arXiv.org:";

// Codes and texts of OAI-PMH 2.0, section 3.6, in arXiv's words.
struct ErrorText {
  std::string_view code;
  std::string_view text;
};
constexpr ErrorText error_texts[] = {
    {"badVerb",
     "Value of the verb argument is not a legal OAI-PMH verb, the verb argument is missing, or the verb "
     "argument "
     "is repeated."},
    {"badArgument",
     "The request includes illegal arguments, is missing required arguments, includes a repeated argument, "
     "or "
     "values for arguments have an illegal syntax."},
    {"badResumptionToken", "The value of the resumptionToken argument is invalid or expired."},
    {"cannotDisseminateFormat",
     "The metadata format identified by the value given for the metadataPrefix argument is not supported by "
     "the "
     "item or by the repository."},
    {"idDoesNotExist", "The value of the identifier argument is unknown or illegal in this repository."},
    {"noRecordsMatch",
     "The combination of the values of the from, until, set and metadataPrefix arguments results in an empty "
     "list."},
};

struct Context {
  const Archive& archive;
  const Form& form;
  OaiPaging paging;
  std::chrono::sys_seconds now;
  Distortion distortion;
};

Answer document(const Context& context, std::string_view attributes, std::string_view content) {
  std::string body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/ "
      "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd\">\n<responseDate>";
  body += iso_moment(context.now);
  body += "</responseDate>\n<request";
  body += attributes;
  body += '>';
  body += base_url;
  body += "</request>\n";
  body += content;
  body += "</OAI-PMH>\n";
  return {.content_type = "text/xml; charset=utf-8", .body = std::move(body)};
}

Answer error(const Context& context, std::string_view code, std::string_view reason) {
  const auto found = std::ranges::find(error_texts, code, &ErrorText::code);
  std::string text(found->text);
  if (!reason.empty()) text += " Reason: " + std::string(reason);
  return document(context, {}, "<error code=\"" + std::string(code) + "\">" + xml_text(text) + "</error>\n");
}

std::string attributes_of(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form.pairs()) out += " " + name + "=\"" + xml_attribute(value) + "\"";
  return out;
}

// Whether the arguments are exactly `required` and some of `allowed`, none twice.
bool has_arguments(const Form& form, const std::set<std::string_view>& required,
                   const std::set<std::string_view>& allowed = {}) {
  std::set<std::string_view> given;
  for (const auto& [name, value] : form.pairs()) {
    if (!required.contains(name) && !allowed.contains(name)) return false;
    if (!given.insert(name).second) return false;
  }
  return std::ranges::all_of(required, [&given](std::string_view name) { return given.contains(name); });
}

bool is_format(std::string_view prefix) {
  return std::ranges::find(oai_formats, prefix, &OaiFormat::prefix) != std::end(oai_formats);
}

const StoredPaper* find_item(const Archive& archive, std::string_view identifier) {
  if (!identifier.starts_with(identifier_prefix)) return nullptr;
  return archive.find_paper(identifier.substr(identifier_prefix.size()));
}

Answer identify(const Context& context) {
  if (!has_arguments(context.form, {"verb"}))
    return error(context, "badArgument", "No other parameters allowed");
  return document(context, attributes_of(context.form),
                  "<Identify>\n<repositoryName>arXiv</repositoryName>\n<baseURL>" + std::string(base_url) +
                      "</baseURL>\n<protocolVersion>2.0</protocolVersion>\n"
                      "<adminEmail>help@arxiv.org</adminEmail>\n"
                      "<earliestDatestamp>2005-09-16</earliestDatestamp>\n"
                      "<deletedRecord>persistent</deletedRecord>\n<granularity>YYYY-MM-DD</granularity>\n"
                      "</Identify>\n");
}

Answer list_formats(const Context& context) {
  if (!has_arguments(context.form, {"verb"}, {"identifier"})) {
    return error(context, "badArgument", "Only identifier parameter allowed");
  }
  if (const std::string* identifier = context.form.find("identifier")) {
    if (find_item(context.archive, *identifier) == nullptr) return error(context, "idDoesNotExist", {});
  }
  std::string content = "<ListMetadataFormats>\n";
  for (const OaiFormat& format : oai_formats) {
    content += "<metadataFormat><metadataPrefix>" + std::string(format.prefix) + "</metadataPrefix><schema>" +
               std::string(format.schema) + "</schema><metadataNamespace>" + std::string(format.name_space) +
               "</metadataNamespace></metadataFormat>\n";
  }
  return document(context, attributes_of(context.form), content + "</ListMetadataFormats>\n");
}

// The sets that the records have, with those around them; arXiv lists its whole taxonomy.
Answer list_sets(const Context& context) {
  if (!has_arguments(context.form, {"verb"}))
    return error(context, "badArgument", "No other parameters allowed");
  std::set<std::string> sets;
  for (const StoredPaper& paper : context.archive.papers()) {
    for (const std::string& set : sets_of(paper)) {
      for (std::size_t colon = set.find(':'); colon != set.npos; colon = set.find(':', colon + 1)) {
        sets.insert(set.substr(0, colon));
      }
      sets.insert(set);
    }
  }
  std::string content = "<ListSets>\n";
  for (const std::string& set : sets) {
    content +=
        "<set><setSpec>" + xml_text(set) + "</setSpec><setName>" + xml_text(set) + "</setName></set>\n";
  }
  return document(context, attributes_of(context.form), content + "</ListSets>\n");
}

Answer get_record(const Context& context) {
  if (!has_arguments(context.form, {"verb", "identifier", "metadataPrefix"})) {
    return error(context, "badArgument",
                 "Parameters provided did not match expected. Expected: verb, identifier, metadataPrefix");
  }
  const std::string prefix = context.form.value("metadataPrefix");
  if (!is_format(prefix))
    return error(context, "cannotDisseminateFormat", "Did not recognize requested format");
  const StoredPaper* paper = find_item(context.archive, context.form.value("identifier"));
  if (paper == nullptr || context.distortion == Distortion::no_entries) {
    return error(context, "idDoesNotExist", "Nothing found for this id");
  }
  if (context.distortion == Distortion::other_papers) {
    const auto next = static_cast<std::size_t>(paper - context.archive.papers().data()) + 1;
    paper = &context.archive.papers()[next % context.archive.papers().size()];
  }
  return document(context, attributes_of(context.form),
                  "<GetRecord>\n" + oai_record(*paper, prefix) + "</GetRecord>\n");
}

struct ListRequest {
  std::string prefix;
  std::string from;
  std::string until;
  std::string set;
  std::size_t skip = 0;
};

// The token is the request itself, percent-encoded twice by the time it is in a URL.
std::string token_of(const ListRequest& request, std::string_view verb) {
  std::string out = "verb=" + std::string(verb) + "&metadataPrefix=" + url_encoded(request.prefix, "", "+");
  if (!request.from.empty()) out += "&from=" + url_encoded(request.from, "", "+");
  if (!request.until.empty()) out += "&until=" + url_encoded(request.until, "", "+");
  if (!request.set.empty()) out += "&set=" + url_encoded(request.set, "", "+");
  return url_encoded(out + "&skip=" + std::to_string(request.skip), "/", "%20");
}

bool is_day(std::string_view text) {
  return text.size() == 10 && text.find_first_not_of("0123456789-") == text.npos &&
         parse_moment(text).has_value();
}

// Takes the arguments of a list; the answer is what is wrong with them.
std::optional<Answer> read_list(const Context& context, std::string_view verb, ListRequest& request) {
  Form form = context.form;
  const bool resumed = form.find("resumptionToken") != nullptr;
  if (resumed) {
    if (!has_arguments(form, {"verb", "resumptionToken"})) {
      return error(context, "badArgument", "No other parameters allowed with resumptionToken");
    }
    form = Form::parse(url_decoded(form.value("resumptionToken")));
    const std::string skip = form.value("skip");
    const auto [end, failure] = std::from_chars(skip.data(), skip.data() + skip.size(), request.skip);
    if (failure != std::errc{} || end != skip.data() + skip.size() || form.value("verb") != verb) {
      return error(context, "badResumptionToken", "Token structure is invalid.");
    }
  } else if (!has_arguments(form, {"verb", "metadataPrefix"}, {"from", "until", "set"})) {
    return error(
        context, "badArgument",
        form.find("metadataPrefix") == nullptr ? "metadataPrefix required." : "Unallowed parameter.");
  }
  request.prefix = form.value("metadataPrefix");
  request.from = form.value("from");
  request.until = form.value("until");
  request.set = form.value("set");
  const std::string_view code = resumed ? "badResumptionToken" : "badArgument";
  for (const std::string* day : {&request.from, &request.until}) {
    if (!day->empty() && !is_day(*day)) return error(context, code, "date format must be YYYY-MM-DD");
  }
  if (!request.from.empty() && !request.until.empty() && request.from > request.until) {
    return error(context, code, "from date cannot be after until date");
  }
  if (!is_format(request.prefix)) {
    return error(context, "cannotDisseminateFormat", "Did not recognize requested format");
  }
  return std::nullopt;
}

struct Item {
  std::string day;
  const StoredPaper* paper = nullptr;
};

std::vector<Item> items_of(const Context& context, const ListRequest& request) {
  std::vector<Item> items;
  if (context.distortion == Distortion::no_entries) return items;
  bool keep = true;
  for (const StoredPaper& paper : context.archive.papers()) {
    Item item{iso_day(paper.modified), &paper};
    if (!request.from.empty() && item.day < request.from) continue;
    if (!request.until.empty() && item.day > request.until) continue;
    const auto in_set = [&request](const std::string& set) { return is_in_set(set, request.set); };
    if (!request.set.empty() && !std::ranges::any_of(sets_of(paper), in_set)) continue;
    keep = !keep || context.distortion != Distortion::half_missing;
    if (keep) items.push_back(std::move(item));
  }
  std::ranges::sort(items, {}, [](const Item& item) { return std::tie(item.day, item.paper->id); });
  return items;
}

Answer list(const Context& context, std::string_view verb) {
  ListRequest request;
  if (auto wrong = read_list(context, verb, request)) return std::move(*wrong);
  const std::vector<Item> items = items_of(context, request);
  if (request.skip >= items.size()) return error(context, "noRecordsMatch", {});
  const bool headers_only = verb == "ListIdentifiers";
  const std::size_t limit = headers_only ? context.paging.headers : context.paging.records;
  const std::size_t end = std::min(items.size(), request.skip + limit);

  std::string content = "<" + std::string(verb) + ">\n";
  for (std::size_t i = request.skip; i < end; ++i) {
    content += headers_only ? oai_header(*items[i].paper) : oai_record(*items[i].paper, request.prefix);
  }
  if (end < items.size()) {
    // A page within one day goes on counting; else the list begins again at the day that is not finished.
    ListRequest next = request;
    const std::string& day = items[end].day;
    if (day == items[request.skip].day) {
      next.skip = end;
    } else {
      next.from = day;
      next.skip =
          static_cast<std::size_t>(std::count_if(items.begin() + static_cast<std::ptrdiff_t>(request.skip),
                                                 items.begin() + static_cast<std::ptrdiff_t>(end),
                                                 [&day](const Item& item) { return item.day == day; }));
    }
    const auto midnight = std::chrono::ceil<std::chrono::days>(context.now + std::chrono::seconds{1});
    content += "<resumptionToken expirationDate=\"" + iso_moment(midnight) + "\">" +
               xml_text(token_of(next, verb)) + "</resumptionToken>\n";
  } else if (context.form.find("resumptionToken") != nullptr) {
    content += "<resumptionToken/>\n";
  }
  return document(context, attributes_of(context.form), content + "</" + std::string(verb) + ">\n");
}

}  // namespace

Answer answer_oai(const Archive& archive, const Form& form, OaiPaging paging, std::chrono::sys_seconds now,
                  Distortion distortion) {
  const Context context{archive, form, paging, now, distortion};
  const std::string verb = form.value("verb");
  if (verb == "Identify") return identify(context);
  if (verb == "ListMetadataFormats") return list_formats(context);
  if (verb == "ListSets") return list_sets(context);
  if (verb == "GetRecord") return get_record(context);
  if (verb == "ListIdentifiers" || verb == "ListRecords") return list(context, verb);
  return error(context, "badVerb", {});
}

}  // namespace bibsmith::emulator
