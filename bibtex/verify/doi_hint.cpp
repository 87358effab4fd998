#include "bibtex/verify/doi_hint.hpp"

#include <algorithm>
#include <string_view>

#include "bibtex/normalize/venues.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Takes the suffix of a DOI apart from the front.
class Suffix {
 public:
  explicit Suffix(std::string_view text) : rest_(text) {}

  std::string_view letters() {
    return take([](char c) { return bibsmith::is_letter(c); });
  }
  std::string_view digits() {
    return take([](char c) { return is_digit(c); });
  }
  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  // Four digits of a year, and no fifth one.
  int year() {
    const std::string_view text = digits();
    return text.size() == 4 && (text.starts_with("19") || text.starts_with("20")) ? number(text) : 0;
  }
  static int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits.substr(0, 6)) value = value * 10 + (c - '0');
    return value;
  }

 private:
  template <typename Is>
  std::string_view take(Is is) {
    const auto end =
        static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is) - rest_.begin());
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return taken;
  }

  std::string_view rest_;
};

DoiHint of_meeting(std::string_view name, int year) {
  const Venue* const venue = find_venue(name);
  if (venue == nullptr) return {};
  return {std::string(venue->key), year, false};
}

// "cvpr52688.2022.01184", "iccv.2019.00386"; "tpami.2021.3059968" is of a journal.
DoiHint ieee(Suffix suffix) {
  const std::string_view name = suffix.letters();
  suffix.digits();
  return suffix.skip(".") ? of_meeting(name, suffix.year()) : DoiHint();
}

// "aaai.v35i16.17663"
DoiHint aaai(Suffix suffix) {
  const std::string_view name = suffix.letters();
  if (!suffix.skip(".v")) return {};
  const int volume = Suffix::number(suffix.digits());
  const Venue* const venue = find_venue(name);
  if (venue == nullptr || volume == 0) return {};
  return {std::string(venue->key), venue->count == Venue::Count::none ? 0 : venue->zero_year + volume, false};
}

// "2021.acl-long.5", "p19-1001"
DoiHint anthology(Suffix suffix) {
  const std::string_view code = suffix.letters();
  if (code.empty()) {
    const int year = suffix.year();
    return suffix.skip(".") ? of_meeting(suffix.letters(), year) : DoiHint();
  }
  const int short_year = Suffix::number(suffix.digits());
  const int year = short_year < 60 ? 2000 + short_year : 1900 + short_year;
  if (!suffix.skip("-")) return {};
  constexpr std::string_view codes = "pdneckq";
  constexpr std::string_view meetings[] = {"ACL", "EMNLP", "NAACL", "EACL", "COLING", "CoNLL", "TACL"};
  const std::size_t at = code.size() == 1 ? codes.find(code.front()) : std::string_view::npos;
  return at == std::string_view::npos ? DoiHint() : of_meeting(meetings[at], year);
}

// "2021.09.01.458481" (the day on which it was posted) or six digits; Cold Spring Harbor's journals begin
// with letters.
DoiHint biorxiv(Suffix suffix) {
  Suffix date = suffix;
  const int year = date.year();
  if (year > 0 && date.skip(".")) return {"bioRxiv", year, true};
  return suffix.digits().size() >= 4 ? DoiHint{"bioRxiv", 0, true} : DoiHint();
}

}  // namespace

DoiHint doi_hint(const Doi& doi) {
  if (doi.arxiv_id()) return {"arXiv", 0, true};
  const std::string_view text = doi.canonical();
  const std::size_t slash = text.find('/');
  const std::string_view prefix = text.substr(0, slash);
  Suffix suffix(text.substr(slash + 1));
  if (prefix == "10.1109") return ieee(suffix);
  if (prefix == "10.1609") return aaai(suffix);
  if (prefix == "10.24963" || prefix == "10.21437") {
    const std::string_view name = suffix.letters();
    return suffix.skip(".") ? of_meeting(name, suffix.year()) : DoiHint();
  }
  if (prefix == "10.18653") return suffix.skip("v1/") ? anthology(suffix) : DoiHint();
  if (prefix == "10.1101" || prefix == "10.64898") return biorxiv(suffix);
  return {};
}

}  // namespace bibsmith::bibtex
