#include "bibtex/normalize/doi_reading.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

struct DoiCode {
  std::string_view code;
  std::string_view journal;
};

#include "bibtex/normalize/doi_codes.inc"

// What a form says beyond its pattern.
enum class Locator : std::uint8_t {
  page,             // a first page
  article,          // an article number
  article_if_long,  // six digits are an article number, fewer a first page
  iop,              // an article number if it is long, else the place in the issue, which nobody cites
};

struct DoiForm {
  unsigned registrant;  // the number behind "10."
  // Letters stand for themselves; %c a code (letters), %i an ISSN, %8 one without hyphen, %5 five digits that
  // are a code, %v volume, %n issue, %l locator, %y year, %2 its last two digits, %3 its last three, %w
  // letters, %7 seven digits, %* anything.
  std::string_view pattern;
  std::span<const DoiCode> codes;
  std::string_view journal;  // where no code tells
  Locator locator = Locator::page;
  bool year_is_loose = false;
};

// The first form that fits is followed.
constexpr DoiForm forms[] = {
    {1103, "%c.%v.%l", aps_codes, "", Locator::article_if_long},
    {1088, "%i/%v/%n/%l", issn_codes, "", Locator::iop},
    {1088, "%i/%*", issn_codes, ""},
    {3847, "%i/%v/%n/%l", issn_codes, "", Locator::article},
    {3847, "%i/%*", issn_codes, ""},
    {1209, "%i/%v/%l", issn_codes, "", Locator::iop},
    {1209, "epl/%*", {}, "EPL (Europhysics Letters)"},
    {1007, "JHEP%n(%y)%l", {}, "Journal of High Energy Physics"},
    {1007, "s%5-%3-%*", springer_codes, "", Locator::page, true},
    {1140, "%c/%*", epj_codes, ""},
    {4204, "EPTCS.%v.%*", {}, "Electronic Proceedings in Theoretical Computer Science"},
    {1371, "journal.%c.%l", plos_codes, "", Locator::article},
    {1364, "%c.%v.%l", optica_codes, ""},
    {1143, "%c.%v.%l", japan_codes, "", Locator::article_if_long},
    {7566, "%c.%v.%l", japan_codes, "", Locator::article_if_long},
    {2168, "LMCS-%v(%n:%l)%y", {}, "Logical Methods in Computer Science", Locator::article},
    {23638, "LMCS-%v(%n:%l)%y", {}, "Logical Methods in Computer Science", Locator::article},
    {46298, "LMCS-%v(%n:%l)%y", {}, "Logical Methods in Computer Science", Locator::article},
    {5194, "%c-%v-%l-%y", copernicus_codes, ""},
    {1111, "j.%i.%y.%*", issn_codes, "", Locator::page, true},
    {1093, "%c/%*", oxford_codes, ""},
    {3842,
     "SIGMA.%y.%l",
     {},
     "Symmetry, Integrability and Geometry: Methods and Applications",
     Locator::article},
    {2140, "%c.%y.%v.%l", msp_codes, ""},
    {4007, "annals.%y.%v.%n.%*", {}, "Annals of Mathematics"},
    {1073, "pnas.%7%v", {}, "Proceedings of the National Academy of Sciences"},
    {22331, "q-%y-%2-%2-%l", {}, "Quantum", Locator::article},
    {21468, "%c.%v.%n.%l", scipost_codes, "", Locator::article},
    {21468, "%c.%l", scipost_codes, "", Locator::article},
    {5506, "%c.%v.%l", acta_poland_codes, ""},
    {1090, "S%i-%y-%*", issn_codes, "", Locator::page, true},
    {1090, "S%i-%2-%*", issn_codes, "", Locator::page, true},
    {1038, "s%5-%3-%*", nature_number_codes, "", Locator::page, true},
    {1038, "%c%*", nature_codes, ""},
    {1016, "j.%c.%y.%*", elsevier_codes, "", Locator::page, true},
    {1016, "S%i(%2)%*", issn_codes, "", Locator::page, true},
    {1109, "%c.%y.%*", ieee_codes, "", Locator::page, true},
    {1214, "%c.v%v-%*", euclid_codes, ""},
    {1214, "%2-%c%*", euclid_codes, "", Locator::page, true},
    {1051, "0004-6361%*", {}, "Astronomy & Astrophysics"},
    {1142, "S%8%*", issn_codes, ""},
    {1134, "S%8%*", issn_codes, ""},
};

std::string_view journal_of(std::span<const DoiCode> codes, std::string_view code) {
  const auto found = std::lower_bound(codes.begin(), codes.end(), code,
                                      [](const DoiCode& row, std::string_view c) { return row.code < c; });
  return found != codes.end() && found->code == code ? found->journal : std::string_view{};
}

std::string_view without_leading_zeros(std::string_view number) {
  while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
  return number;
}

// The parts of one suffix, as a pattern cuts them out.
class Match {
 public:
  Match(const DoiForm& form, std::string_view suffix, DoiReading& out)
      : form_(form), rest_(suffix), out_(out), publication_(out.publication) {}

  bool read() {
    for (std::size_t i = 0; i < form_.pattern.size(); ++i) {
      if (form_.pattern[i] != '%') {
        // Publishers' own texts differ in case.
        if (rest_.empty() || lower(rest_.front()) != lower(form_.pattern[i])) return false;
        rest_.remove_prefix(1);
      } else if (!take(form_.pattern[++i])) {
        return false;
      }
    }
    out_.year_is_loose = form_.year_is_loose;
    out_.form = form_.pattern;
    return rest_.empty() && !publication_.container.empty();
  }

 private:
  template <typename IsPart>
  std::string_view take_while(IsPart is_part, std::size_t longest = 16) {
    std::size_t size = 0;
    while (size < std::min(rest_.size(), longest) && is_part(rest_[size])) ++size;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view take_digits(std::size_t longest = 16) { return take_while(is_digit, longest); }
  bool take_exact_digits(std::size_t count, std::string_view& digits) {
    digits = take_digits(count);
    return digits.size() == count;
  }

  bool take_code(std::string_view code) {
    publication_.container = journal_of(form_.codes, code);
    return !publication_.container.empty();
  }

  bool take(char part) {
    if (publication_.container.empty()) publication_.container = form_.journal;
    std::string_view digits;
    switch (part) {
      case 'c':
        return take_code(take_while(is_letter, 32));
      case 'i': {
        const std::string_view issn = rest_.substr(0, 9);
        rest_.remove_prefix(issn.size());
        return take_code(issn);
      }
      case '8': {
        const std::string_view issn = rest_.substr(0, 8);
        rest_.remove_prefix(issn.size());
        return issn.size() == 8 &&
               take_code(std::string(issn.substr(0, 4)) + '-' + std::string(issn.substr(4)));
      }
      case '5':
        return take_exact_digits(5, digits) && take_code(digits);
      case 'v':
        publication_.volume = without_leading_zeros(take_digits());
        return !publication_.volume.empty();
      case 'n':
        publication_.number = without_leading_zeros(take_digits());
        return !publication_.number.empty();
      case 'l':
        return take_locator();
      case 'y':
        return take_exact_digits(4, digits) && take_year(std::stoi(std::string(digits)));
      case '2':
        return take_exact_digits(2, digits) && take_short_year(std::stoi(std::string(digits)));
      case '3':
        return take_exact_digits(3, digits) && digits.front() <= '1' &&
               take_short_year(std::stoi(std::string(digits)));
      case '7':
        return take_exact_digits(7, digits);
      case 'w':
        return !take_while(is_letter).empty();
      default:  // '*'
        rest_ = {};
        return true;
    }
  }

  bool take_locator() {
    const std::string_view locator = take_while([](char c) { return is_digit(c) || is_letter(c); });
    if (locator.empty()) return false;
    const bool is_long = locator.size() >= 5;
    switch (form_.locator) {
      case Locator::page:
        publication_.pages = without_leading_zeros(locator);
        break;
      case Locator::article:
        publication_.eid = locator;
        break;
      case Locator::article_if_long:
        (locator.size() == 6 ? publication_.eid : publication_.pages) = locator;
        break;
      case Locator::iop:
        // JHEP and JCAP number their articles by three digits; their volume is the year.
        if (is_long || publication_.volume.size() == 4) publication_.eid = locator;
        break;
    }
    return true;
  }

  bool take_year(int year) {
    if (year < 1800 || year > 2100) return false;
    if (!publication_.date.known()) publication_.date.year = static_cast<std::int16_t>(year);
    return true;
  }
  // "%2-%2" of a date are month and day: only the first number of a pattern is the year.
  bool take_short_year(int year) {
    return publication_.date.known() || take_year(year + (year >= 50 && year < 100 ? 1900 : 2000));
  }

  const DoiForm& form_;
  std::string_view rest_;
  DoiReading& out_;
  Publication& publication_;
};

// A volume and an issue that stand in a JHEP- or JCAP-like DOI: the volume is the year.
void mend_yearly(Publication& publication) {
  if (publication.volume.size() == 4 && !publication.date.known() && publication.volume > "1990" &&
      publication.volume < "2100") {
    publication.date.year = static_cast<std::int16_t>(std::stoi(publication.volume));
  }
  const bool jhep = publication.container == "Journal of High Energy Physics";
  if (jhep && publication.volume.empty() && publication.date.known()) {
    publication.volume = std::to_string(publication.date.year);
  }
  // Whose articles are numbered: "JHEP03(2015)112" is article 112 of the third issue.
  if (jhep && publication.eid.empty()) publication.eid = std::exchange(publication.pages, {});
  if (jhep && publication.number.size() == 1)
    publication.number.insert(0, 1, '0');  // the month, as in journal-refs
}

// MDPI: a code, the volume, two digits of issue, four or five of the article ("e15104540", "ijms20236089").
std::optional<DoiReading> read_mdpi(std::string_view suffix) {
  const auto letters = static_cast<std::size_t>(std::ranges::find_if_not(suffix, is_letter) - suffix.begin());
  const std::string_view journal = journal_of(mdpi_codes, suffix.substr(0, letters));
  const std::string_view digits = suffix.substr(letters);
  if (journal.empty() || digits.size() < 7 || digits.size() > 9 || !std::ranges::all_of(digits, is_digit)) {
    return std::nullopt;
  }
  const std::size_t volume_digits = digits.size() == 7 ? 1 : 2;  // no journal of theirs has had a hundred
  DoiReading reading;
  reading.form = "%c%v, two digits of issue, %l";
  reading.publication.container = journal;
  reading.publication.volume = digits.substr(0, volume_digits);
  reading.publication.number = without_leading_zeros(digits.substr(volume_digits, 2));
  reading.publication.pages = without_leading_zeros(digits.substr(volume_digits + 2));
  return reading;
}

// PLOS: "journal.pone.0010355" is article e10355.
void mend_plos(Publication& publication) {
  if (!publication.eid.empty() && publication.container.starts_with("PLOS")) {
    publication.eid = "e" + std::string(without_leading_zeros(publication.eid));
  }
}

// 1103 of "10.1103"; 0: none that a form could have.
unsigned registrant_of(std::string_view prefix) {
  constexpr std::size_t digits_max = 8;
  const std::string_view digits = prefix.substr(std::min(prefix.size(), std::string_view("10.").size()));
  if (digits.empty() || digits.size() > digits_max || digits.front() == '0') return 0;
  unsigned number = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return 0;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  return number;
}

}  // namespace

std::optional<DoiReading> read_doi(const Doi& doi) {
  const std::string_view text = doi.str();
  const std::size_t slash = text.find('/');
  const unsigned registrant = registrant_of(text.substr(0, slash));
  const std::string_view suffix = text.substr(slash + 1);
  std::optional<DoiReading> reading;
  constexpr unsigned mdpi = 3390;
  if (registrant == mdpi) reading = read_mdpi(suffix);
  for (const DoiForm& form : forms) {
    if (reading) break;
    if (form.registrant == registrant && !Match(form, suffix, reading.emplace()).read()) reading.reset();
  }
  if (!reading) return std::nullopt;
  reading->publication.type = PublicationType::article;
  mend_yearly(reading->publication);
  mend_plos(reading->publication);
  return reading;
}

}  // namespace bibsmith::bibtex
