#include "bibtex/normalize/reference_words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/first_byte_index.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Label = std::pair<std::string_view, NumberLabel>;

// clang-format off
constexpr auto labels = std::to_array<Label>({
    {"v", NumberLabel::volume}, {"vol", NumberLabel::volume}, {"vols", NumberLabel::volume},
    {"volume", NumberLabel::volume}, {"volumes", NumberLabel::volume}, {"bd", NumberLabel::volume},
    {"band", NumberLabel::volume}, {"tome", NumberLabel::volume}, {"tom", NumberLabel::volume},
    {"t", NumberLabel::volume}, {"jahrgang", NumberLabel::volume}, {"т", NumberLabel::volume},
    {"том", NumberLabel::volume}, {"no", NumberLabel::number}, {"nos", NumberLabel::number},
    {"nr", NumberLabel::number}, {"num", NumberLabel::number}, {"number", NumberLabel::number},
    {"numbers", NumberLabel::number}, {"numero", NumberLabel::number}, {"numéro", NumberLabel::number},
    {"n", NumberLabel::number}, {"issue", NumberLabel::number}, {"issues", NumberLabel::number},
    {"iss", NumberLabel::number}, {"is", NumberLabel::number}, {"heft", NumberLabel::number},
    {"h", NumberLabel::number}, {"fasc", NumberLabel::number}, {"vyp", NumberLabel::number},
    {"вып", NumberLabel::number}, {"pp", NumberLabel::pages}, {"pgs", NumberLabel::pages},
    {"pg", NumberLabel::pages}, {"page", NumberLabel::pages}, {"pages", NumberLabel::pages},
    {"pag", NumberLabel::pages}, {"pags", NumberLabel::pages}, {"seiten", NumberLabel::pages},
    {"seite", NumberLabel::pages}, {"str", NumberLabel::pages}, {"стр", NumberLabel::pages},
    {"p", NumberLabel::page_letter}, {"s", NumberLabel::page_letter}, {"с", NumberLabel::page_letter},
    {"art", NumberLabel::article}, {"article", NumberLabel::article}, {"articles", NumberLabel::article},
    {"artn", NumberLabel::article}, {"id", NumberLabel::article}, {"eid", NumberLabel::article},
    {"paper", NumberLabel::article}, {"year", NumberLabel::year}, {"jahr", NumberLabel::year},
    {"part", NumberLabel::ignored}, {"pt", NumberLabel::ignored}, {"ser", NumberLabel::ignored},
    {"series", NumberLabel::ignored}, {"ch", NumberLabel::ignored}, {"chapter", NumberLabel::ignored},
    {"chap", NumberLabel::ignored}, {"session", NumberLabel::ignored}, {"conference", NumberLabel::ignored},
    {"section", NumberLabel::ignored},
});

using Month = std::pair<std::string_view, int>;

constexpr auto months = std::to_array<Month>({
    {"january", 1}, {"jan", 1}, {"february", 2}, {"feb", 2}, {"march", 3}, {"mar", 3}, {"april", 4}, {"apr", 4},
    {"may", 5}, {"june", 6}, {"jun", 6}, {"july", 7}, {"jul", 7}, {"august", 8}, {"aug", 8}, {"september", 9},
    {"sep", 9}, {"october", 10}, {"oct", 10}, {"november", 11}, {"nov", 11}, {"december", 12}, {"dec", 12},
    {"sept", 9}, {"janvier", 1}, {"février", 2}, {"fevrier", 2}, {"mars", 3}, {"avril", 4}, {"mai", 5},
    {"juin", 6}, {"juillet", 7}, {"août", 8}, {"aout", 8}, {"septembre", 9}, {"octobre", 10},
    {"novembre", 11}, {"décembre", 12}, {"decembre", 12}, {"januar", 1}, {"februar", 2}, {"märz", 3},
    {"juni", 6}, {"juli", 7}, {"oktober", 10}, {"dezember", 12}, {"января", 1}, {"февраля", 2},
    {"марта", 3}, {"апреля", 4}, {"мая", 5}, {"июня", 6}, {"июля", 7}, {"августа", 8}, {"сентября", 9},
    {"октября", 10}, {"ноября", 11}, {"декабря", 12},
});

// Countries, states of the USA as people write them, and cities that stand alone in references.
constexpr auto places = std::to_array<std::string_view>({
    "argentina", "australia", "austria", "bangladesh", "belgium", "brazil", "brasil", "bulgaria", "canada",
    "chile", "china", "p.r. china", "pr china", "colombia", "costa rica", "croatia", "cuba", "cyprus",
    "czech republic", "denmark", "ecuador", "egypt", "england", "estonia", "finland", "france", "germany",
    "greece", "hong kong", "hungary", "iceland", "india", "indonesia", "iran", "ireland", "israel", "italy",
    "japan", "jordan", "kenya", "korea", "south korea", "republic of korea", "kuwait", "latvia", "lebanon",
    "lithuania", "luxembourg", "macau", "malaysia", "malta", "mexico", "monaco", "morocco", "nepal",
    "netherlands", "the netherlands", "new zealand", "nigeria", "norway", "oman", "pakistan", "peru",
    "philippines", "poland", "portugal", "puerto rico", "qatar", "romania", "russia", "saudi arabia",
    "scotland", "serbia", "singapore", "slovakia", "slovenia", "south africa", "spain", "sri lanka",
    "sweden", "switzerland", "taiwan", "thailand", "tunisia", "turkey", "uae", "united arab emirates", "uk",
    "u.k.", "ukraine", "united kingdom", "united states", "uruguay", "usa", "u.s.a.", "us", "venezuela",
    "vietnam", "wales", "bahrain", "algeria", "armenia", "georgia", "kazakhstan", "al", "ak", "az", "ar",
    "ca", "co", "ct", "dc", "d.c.", "fl", "ga", "hi", "il", "ma", "md", "mi", "mn", "mo", "nc", "nj", "nm",
    "nv", "ny", "oh", "or", "pa", "ri", "tn", "tx", "ut", "va", "wa", "wi", "california", "colorado",
    "florida", "hawaii", "illinois", "maryland", "massachusetts", "michigan", "new jersey", "new mexico",
    "oregon", "pennsylvania", "texas", "virginia", "washington", "amsterdam", "athens", "atlanta", "austin",
    "baltimore", "bangalore", "barcelona", "beijing", "berlin", "boston", "brussels", "budapest",
    "cambridge", "chennai", "chicago", "copenhagen", "dallas", "delhi", "denver", "dresden", "dublin",
    "edinburgh", "florence", "geneva", "glasgow", "hamburg", "helsinki", "heidelberg", "honolulu",
    "istanbul", "kyoto", "kolkata", "las vegas", "lisbon", "london", "los angeles", "lyon", "madrid",
    "melbourne", "miami", "milan", "montreal", "moscow", "mumbai", "munich", "nancy", "new delhi",
    "new orleans", "new york", "nice", "oslo", "oxford", "paris", "philadelphia", "phoenix", "pisa",
    "portland", "prague", "providence", "rome", "san diego", "san diego ca", "san francisco", "san jose",
    "santa barbara", "seattle", "seoul", "shanghai", "st. petersburg", "stockholm", "sydney", "taipei",
    "tokyo", "toronto", "toulouse", "trento", "trieste", "turin", "utrecht", "vancouver", "venice",
    "vienna", "warsaw", "washington dc", "washington d.c.", "zurich", "zürich", "ufa", "coimbatore",
    "dalian", "wuhan", "hyderabad", "pune", "niagara falls", "los alamitos", "stanford", "princeton",
    "berkeley", "dordrecht", "new haven", "ann arbor", "providence ri", "providence r.i.", "r.i.",
});

constexpr auto publishers = std::to_array<std::string_view>({
    "springer", "springer-verlag", "springer verlag", "elsevier", "wiley", "john wiley", "world scientific",
    "birkhäuser", "birkhauser", "kluwer", "north-holland", "north holland", "academic press", "acm", "ieee",
    "ieee computer society", "iop", "iop publishing", "institute of physics", "aip", "aps", "siam", "ams",
    "amer. math. soc", "american mathematical society", "american institute of physics", "mit press",
    "usenix", "taylor & francis", "taylor and francis", "crc", "de gruyter", "oldenbourg",
    "american astronomical society", "nova science", "nova publishers", "intech", "idea group",
    "igi global", "ios press", "emerald", "sage", "plenum", "gordon and breach", "addison-wesley",
    "mcgraw-hill", "pergamon", "reidel", "vieweg", "teubner", "dunod", "hermann", "édp sciences",
    "edp sciences", "nauka", "наука", "schloss dagstuhl", "iacsit", "copernicus", "aaai", "morgan kaufmann",
    "association for computing machinery", "association for computational linguistics",
    "cambridge university press", "oxford university press", "princeton university press",
});

constexpr auto conference_words = std::to_array<std::string_view>({
    "proceedings", "proceeding", "proc", "procs", "conference", "conf", "symposium", "symp", "symposia",
    "workshop", "workshops", "colloquium", "congress", "meeting", "congreso", "conferencia", "tagung",
    "konferenz", "actes", "atti", "conférence", "colloque", "journées", "rencontres", "moriond", "school",
    "seminar", "convention", "труды", "конференции", "icrc", "trudy", "lncs", "lnai", "conferences",
});

constexpr auto journal_words = std::to_array<std::string_view>({
    "journal", "j", "jour", "journ", "transactions", "trans", "letters", "lett", "review", "reviews", "rev",
    "annals", "ann", "annales", "annali", "acta", "bulletin", "bull", "magazine", "mag", "quarterly",
    "international", "int", "archive", "archiv", "arch", "communications", "commun", "comm", "revista",
    "revue", "zeitschrift", "newsletter", "gazette", "notices", "memoirs", "mem", "publications", "publ",
    "reports", "rep", "izvestiya", "izv", "vestnik", "zhurnal", "zh", "журнал", "вестник", "известия",
    "pis'ma", "письма", "phys", "math", "nachrichten", "studies", "advances", "adv", "frontiers",
    "progress", "prog", "reviews",
});
// clang-format on

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// `lowered` is in lower case.
bool equals_in_lower_case(std::string_view word, std::string_view lowered) {
  return word.size() == lowered.size() && starts_with_ignoring_case(word, lowered);
}

// Lower case without the heap: words longer than any of the lists' are in none of them.
struct ShortWord {
  std::array<char, 32> bytes{};
  std::size_t size = 0;

  explicit ShortWord(std::string_view word) {
    if (word.size() > bytes.size()) return;
    for (const char c : word) bytes[size++] = lower(c);
  }
  std::string_view view() const { return {bytes.data(), size}; }
};

template <typename Test>
bool any_word(std::string_view text, Test test) {
  std::size_t at = 0;
  const auto is_part = [](char c) {
    return bibsmith::is_letter(c) || static_cast<unsigned char>(c) >= 0x80 || c == '\'';
  };
  while (at < text.size()) {
    if (!is_part(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_part(text[end])) ++end;
    if (test(ShortWord(text.substr(at, end - at)).view())) return true;
    at = end;
  }
  return false;
}

}  // namespace

NumberLabel number_label(std::string_view word) {
  static constexpr FirstByteIndex by_first_byte(labels, [](const Label& label) { return label.first; });
  constexpr std::size_t label_bytes_max = 10;
  if (word.empty() || word.size() > label_bytes_max) return NumberLabel::none;
  const auto rows = by_first_byte.rows(lower(word.front()));
  if (rows.empty()) return NumberLabel::none;
  if (word == "Т" || word == "С") return word == "Т" ? NumberLabel::volume : NumberLabel::page_letter;
  for (const std::size_t row : rows) {
    if (equals_in_lower_case(word, labels[row].first)) return labels[row].second;
  }
  return NumberLabel::none;
}

int month_number(std::string_view word) {
  static constexpr FirstByteIndex by_first_byte(months, [](const Month& month) { return month.first; });
  if (word.size() < 3) return 0;
  for (const std::size_t row : by_first_byte.rows(lower(word.front()))) {
    if (equals_in_lower_case(word, months[row].first)) return months[row].second;
  }
  return 0;
}

bool counts_pages(std::string_view word) {
  const ShortWord folded(word);
  static constexpr auto words = std::to_array<std::string_view>({"pp", "pages", "page", "pgs", "p"});
  return contains(words, folded.view());
}

bool is_roman_number(std::string_view word) {
  return word.size() >= 2 && word.size() <= 9 && word.find_first_not_of("IVXLCDM") == std::string_view::npos;
}

bool is_year(std::string_view digits) {
  if (digits.size() != 4) return false;
  const int value = to_int(digits);
  return value >= 1850 && value <= 2099;
}

int to_int(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return 0;
  int value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return 0;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool is_place(std::string_view text) {
  const ShortWord folded(text);
  return folded.size != 0 && contains(places, folded.view());
}

bool is_publisher(std::string_view text) {
  const std::string lowered = in_lower_case(text);
  if (has_word(lowered, "journal")) return false;
  for (const std::string_view word :
       {"press", "verlag", "publishing", "publishers", "publisher", "publications"}) {
    if (has_word(lowered, word)) return true;
  }
  for (const std::string_view publisher : publishers) {
    if (lowered == publisher) return true;
    if (lowered.starts_with(publisher) && lowered.size() > publisher.size() && publisher.size() > 4 &&
        !bibsmith::is_letter(lowered[publisher.size()]) &&
        static_cast<unsigned char>(lowered[publisher.size()]) < 0x80)
      return true;
  }
  return false;
}

bool has_conference_word(std::string_view text) {
  return any_word(text, [](std::string_view word) { return contains(conference_words, word); });
}

bool has_journal_word(std::string_view text) {
  return any_word(text, [](std::string_view word) { return contains(journal_words, word); });
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_part = [&](std::size_t at) {
    return bibsmith::is_letter(text[at]) || static_cast<unsigned char>(text[at]) >= 0x80;
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_part(at - 1);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !is_part(end))) return true;
  }
  return false;
}

}  // namespace bibsmith::bibtex
