#include "bibtex/normalize/reference_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "bibtex/normalize/bibcode.hpp"
#include "bibtex/normalize/grey_literature.hpp"
#include "bibtex/normalize/journal_finder.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/locator.hpp"
#include "bibtex/normalize/proceedings_reader.hpp"
#include "bibtex/normalize/reference_kinds.hpp"
#include "bibtex/normalize/reference_lead.hpp"
#include "bibtex/normalize/reference_tokens.hpp"
#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/normalize/venues.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Kind = ReferenceToken::Kind;

void set_container(Publication& publication, const JournalName& row) {
  publication.container = row.full;
  publication.container_short = row.iso4;
}

class ReferenceReader {
 public:
  ReferenceReader(std::string_view text, const Publication* previous, NormalizeFindings& findings,
                  ReadReference& out)
      : lead_(take_lead(text)), text_(lead_.text), previous_(previous), findings_(findings), out_(out) {}

  void read() {
    out_.forthcoming = lead_.forthcoming;
    if (const std::optional<Bibcode> bibcode = read_bibcode(text_)) {
      return read_as_bibcode(*bibcode);
    }
    tokens_ = tokens_of(text_);
    if (previous_ != nullptr && read_ibid()) return finish();
    if (const std::optional<FoundJournal> found = find_journal_in(text_, tokens_)) {
      read_known(*found);
    } else if (!read_thesis(text_, tokens_, publication(), findings_) &&
               !read_report(text_, tokens_, publication(), findings_)) {
      read_unknown();
    }
    return finish();
  }

 private:
  std::string_view word(std::size_t i) const { return tokens_[i].span.in(text_); }
  Publication& publication() { return out_.publication; }

  void finish() {
    out_.rest = unused_text(text_, tokens_, 0, tokens_.size());
    if (!lead_.before.empty()) out_.rest = lead_.before + (out_.rest.empty() ? "" : "; " + out_.rest);
  }

  void read_as_bibcode(const Bibcode& bibcode) {
    publication().type = PublicationType::article;
    publication().date.year = static_cast<std::int16_t>(bibcode.year);
    publication().volume = bibcode.volume;
    (bibcode.is_article_number ? publication().eid : publication().pages) = bibcode.page;
    if (const JournalName* const row = find_bibstem(bibcode.stem)) {
      set_container(publication(), *row);
      if (row->kind != ContainerKind::journal) publication().type = PublicationType::inproceedings;
      apply_changed_name(*row);
    } else {
      publication().container = bibcode.stem;
      if (bibcode.is_meeting) publication().type = PublicationType::inproceedings;
      if (bibcode.is_book) publication().type = PublicationType::incollection;
    }
    out_.rest = lead_.before;
  }

  void read_locator_into(std::size_t from, std::size_t to, const LocatorContext& context) {
    Locator locator = read_locator(text_, tokens_, from, to, context, findings_);
    publication().volume = std::move(locator.volume);
    publication().number = std::move(locator.number);
    publication().pages = std::move(locator.pages);
    publication().eid = std::move(locator.eid);
    publication().date = locator.date;
  }

  static LocatorContext context_of(const JournalName& row) {
    LocatorContext context;
    context.practice = row.practice;
    context.year_last = row.kind != ContainerKind::journal;
    context.physical_review = row.full.starts_with("Physical Review");
    return context;
  }

  // "ibid. D82, 129905": the journal before, or its sister of another letter.
  bool read_ibid() {
    if (tokens_.empty()) return false;
    std::string name = previous_->container;
    const ReferenceToken& first = tokens_.front();
    const std::string_view text = word(0);
    if (first.is(Kind::mixed) && text[0] >= 'A' && text[0] <= 'Z' && text.size() > 1 && is_digit(text[1])) {
      if (name.size() > 2 && name[name.size() - 2] == ' ') name.resize(name.size() - 2);
      const std::string lettered = name + " " + text[0];
      if (find_journal(lettered) != nullptr) {
        name = lettered;
        tokens_.front().span.begin += 1;
        tokens_.front().kind = Kind::number;
      }
    } else if (first.is(Kind::word) && text.size() == 1 && tokens_.size() > 1 &&
               tokens_[1].is(Kind::number)) {
      if (name.size() > 2 && name[name.size() - 2] == ' ') name[name.size() - 1] = text[0];
      tokens_.front().used = true;
    } else if (!first.is(Kind::number) && !first.is(Kind::mixed) && !first.is(Kind::open) &&
               !(first.is(Kind::word) && number_label(text) != NumberLabel::none)) {
      return false;
    }
    publication().type = previous_->type;
    if (const JournalName* const row = find_journal(name)) {
      set_container(publication(), *row);
      read_locator_into(0, tokens_.size(), context_of(*row));
      apply_changed_name(*row);
    } else {
      publication().container = name;
      read_locator_into(0, tokens_.size(), {});
    }
    return true;
  }

  void read_known(const FoundJournal& found) {
    const JournalName& row = *found.row;
    for (std::size_t i = found.begin; i < found.end; ++i) tokens_[i].used = true;
    LocatorContext context = context_of(row);
    if (found.year != 0) {
      context.leading_year = found.year;
      tokens_[found.year_token].used = true;
    }
    if (row.full == "Proceedings of Science") {
      read_proceedings_of_science(found, context);
    } else {
      read_locator_into(found.end, tokens_.size(), context);
    }
    if (found.volume_letter && row.kind == ContainerKind::journal && !publication().volume.empty() &&
        !is_digit(publication().volume[0])) {
      findings_.push_back({"journal-ref.volume-letter", "the letter of volume '" + publication().volume +
                                                            "' belongs to no known journal"});
    }
    if (row.kind == ContainerKind::journal) {
      publication().type = PublicationType::article;
      set_container(publication(), row);
      apply_changed_name(row);
      flag_missing_parts(row);
      return;
    }
    read_title_of_volume(found);
  }

  // What a complete reference to the journal has.
  void flag_missing_parts(const JournalName& row) {
    const std::string& page = publication().pages.empty() ? publication().eid : publication().pages;
    if (publication().volume.empty() && !page.empty()) {
      findings_.push_back({"journal-ref.no-volume", "'" + page + "' stands without a volume"});
    }
    if (row.full == "Journal of Instrumentation" && !page.empty() && is_digit(page[0])) {
      findings_.push_back(
          {"journal-ref.letters-page", "article '" + page + "' of the journal has no letter"});
    }
  }

  // A volume of a series, or of proceedings: its own title stands before the name of the series, in brackets
  // behind it, or behind the number.
  void read_title_of_volume(const FoundJournal& found) {
    const JournalName& row = *found.row;
    publication().type = row.kind == ContainerKind::book_series ? PublicationType::incollection
                                                                : PublicationType::inproceedings;
    BookTitle title;
    if (found.begin > 0 && found.year_token != 0) {
      title = read_book_title(text_, tokens_, 0, found.begin);
    }
    // "Title, 87-99, Contemp. Math. 487": pages before the series.
    if (!title.title.empty() && title.end < found.begin && publication().pages.empty() &&
        publication().eid.empty()) {
      NormalizeFindings ignored;
      const Locator before =
          read_locator(text_, tokens_, title.end, found.begin, {.proceedings = true}, ignored);
      publication().pages = before.pages;
      if (!publication().date.known()) publication().date = before.date;
    }
    if (is_publisher(title.title)) {
      publication().publisher = std::exchange(title.title, {});
    }
    if (title.title.empty() && found.bracket_begin != found.bracket_end) {
      title = read_book_title(text_, tokens_, found.bracket_begin, found.bracket_end);
    }
    if (title.title.size() < 4) title = title_behind(found.end);
    std::string publisher = take_publisher(text_, tokens_, found.end, tokens_.size());
    if (!publisher.empty()) publication().publisher = std::move(publisher);
    if (title.title.size() >= 4 &&
        (row.kind != ContainerKind::proceedings || has_conference_word(title.title) || found.begin > 2)) {
      publication().container = title.title;
      publication().series = row.full;
      if (has_conference_word(title.title)) publication().type = PublicationType::inproceedings;
      if (in_lower_case(title.title).find("festschrift") != std::string::npos)
        publication().type = PublicationType::incollection;
    } else if (row.kind == ContainerKind::proceedings) {
      set_container(publication(), row);
    } else {
      publication().series = row.full;
    }
    if (!publication().date.known() && title.year != 0)
      publication().date.year = static_cast<std::int16_t>(title.year);
  }

  // "LNCS 6813, Proc. ECOOP 2011, pp. 281-305"
  BookTitle title_behind(std::size_t from) {
    for (std::size_t i = from; i < tokens_.size(); ++i) {
      if (tokens_[i].used || !tokens_[i].is(Kind::word)) continue;
      std::size_t end = i;
      while (end < tokens_.size() && !(tokens_[end].is(Kind::sign) && word(end) == ",")) ++end;
      const std::string_view part =
          text_.substr(tokens_[i].span.begin, tokens_[end - 1].span.end - tokens_[i].span.begin);
      if (has_conference_word(part)) return read_book_title(text_, tokens_, i, tokens_.size());
      i = end;
    }
    return {};
  }

  // "PoS LATTICE2010:011,2010", "PoS(EPS-HEP2013)123": the conference is the volume.
  void read_proceedings_of_science(const FoundJournal& found, const LocatorContext& context) {
    std::size_t from = found.bracket_begin != found.bracket_end ? found.bracket_begin : found.end;
    while (from < tokens_.size() && !(tokens_[from].is(Kind::word) || tokens_[from].is(Kind::mixed)))
      tokens_[from++].used = true;
    std::size_t end = from;
    while (end < tokens_.size() && !tokens_[end].is(Kind::close) && !tokens_[end].is(Kind::open) &&
           word(end) != ":" && word(end) != ",") {
      // "ICRC 2019 123" has no sign between: the year ends the name.
      if (end > from && tokens_[end].is(Kind::number)) {
        if (is_year(word(end))) ++end;
        break;
      }
      if (end > from && tokens_[end - 1].is(Kind::mixed) &&
          tokens_[end - 1].span.end < tokens_[end].span.begin)
        break;
      ++end;
    }
    for (std::size_t i = from; i < end; ++i) tokens_[i].used = true;
    read_locator_into(end, tokens_.size(), context);
    if (end == from) return;
    // The first number behind the name is the contribution.
    if (publication().eid.empty() && publication().pages.empty()) publication().eid = publication().volume;
    publication().volume = std::string(
        text_.substr(tokens_[from].span.begin, tokens_[end - 1].span.end - tokens_[from].span.begin));
    publication().volume.erase(std::remove(publication().volume.begin(), publication().volume.end(), ' '),
                               publication().volume.end());
    if (!publication().date.known()) {
      const std::string& volume = publication().volume;
      const std::size_t digit = volume.find_last_not_of("0123456789");
      const std::string_view tail =
          std::string_view(volume).substr(digit == std::string::npos ? 0 : digit + 1);
      if (is_year(tail)) publication().date.year = static_cast<std::int16_t>(to_int(tail));
    }
  }

  // Names that changed, by volume. The Astrophysical Journal Letters has volumes of its own from 708 (2010)
  // on; before, letters are pages L… of the Journal. Journal of Physics A was "Mathematical and General" from
  // volume 8 (1975), "Mathematical and Theoretical" from 40 (2007); B has its long name since 21 (1988).
  void apply_changed_name(const JournalName& row) {
    const int volume = to_int(publication().volume);
    std::string_view name;
    if (row.full == "Journal of Physics A" && volume >= 8) {
      name = volume >= 40 ? "J. Phys. A: Math. Theor." : "J. Phys. A: Math. Gen.";
    } else if (row.full == "Journal of Physics B" && volume >= 21) {
      name = "J. Phys. B: At. Mol. Opt. Phys.";
    }
    std::string& page = publication().pages.empty() ? publication().eid : publication().pages;
    if (row.full == "The Astrophysical Journal" && page.starts_with('L') && volume >= 708) name = "ApJL";
    if (!name.empty()) {
      if (const JournalName* const changed = find_journal(name)) set_container(publication(), *changed);
    }
    if (row.full == "The Astrophysical Journal Letters" && !page.empty() && is_digit(page[0]) &&
        page.size() <= 9) {
      findings_.push_back({"journal-ref.letters-page", "page '" + page + "' of the Letters has no L"});
      page.insert(0, 1, 'L');
    }
    // PLOS writes its article numbers with a small e.
    if (row.full.starts_with("PLOS") && publication().eid.starts_with('E')) publication().eid[0] = 'e';
  }

  // A container that is not in the table: proceedings, a book, or an unknown journal.
  void read_unknown() {
    if (tokens_.empty()) return;
    std::size_t begin = 0;
    int leading_year = 0;
    if (tokens_[0].is(Kind::number) && is_year(word(0)) && tokens_.size() > 1 &&
        (word(1) == "," || !names_meeting(text_))) {
      leading_year = to_int(word(0));
      tokens_[0].used = true;
      begin = 1;
      while (begin < tokens_.size() && tokens_[begin].is(Kind::sign)) tokens_[begin++].used = true;
    }
    if (read_volume_of_series(begin)) return;
    const std::size_t name_end = locator_begin(text_, tokens_, begin);
    const std::string name = clean_name(begin, name_end);
    const bool book = is_book(name);
    if (lead_.meeting || names_meeting(name) || (names_meeting(text_) && !names_journal(name)) || book) {
      for (std::size_t i = begin; i < name_end; ++i) tokens_[i].used = false;
      read_book(begin, leading_year, book);
      return;
    }
    LocatorContext context;
    context.leading_year = leading_year;
    read_locator_into(name_end, tokens_.size(), context);
    publication().container = name;
    publication().type = PublicationType::article;
    const std::string_view first_part = std::string_view(name).substr(0, name.find(','));
    // "Wine" is a journal, "WINE" a conference.
    const bool capitals =
        std::count_if(first_part.begin(), first_part.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) > 1;
    if (const Venue* const venue = capitals ? find_venue(first_part) : nullptr;
        venue != nullptr && !venue->journal) {
      drop_year_as_volume();
      set_venue(*venue, first_part);
    } else if (find_venue_title(first_part) != nullptr) {
      drop_year_as_volume();
      publication().type = PublicationType::inproceedings;
    } else if (is_publisher(first_part)) {
      publication().type = PublicationType::book;
      publication().publisher = first_part;
      publication().container.clear();
    } else if (name.empty()) {
      publication().type = PublicationType::unknown;
      findings_.push_back({"journal-ref.no-container", "no journal or book is named"});
    } else if (publication().volume.empty() && !names_journal(name)) {
      findings_.push_back({"journal-ref.type", "'" + name + "' was taken for a journal"});
    }
  }

  // "STACS 2008, Bordeaux (2008)": the year of a meeting is not a volume.
  void drop_year_as_volume() {
    if (!is_year(publication().volume)) return;
    if (!publication().date.known())
      publication().date.year = static_cast<std::int16_t>(to_int(publication().volume));
    publication().volume.clear();
  }

  // "Title, volume 85 of Series, pages 215-224. Springer, 2015"
  bool read_volume_of_series(std::size_t begin) {
    std::size_t at = begin + 1;
    for (; at + 3 < tokens_.size(); ++at) {
      if (tokens_[at].is(Kind::word) && number_label(word(at)) == NumberLabel::volume && word(at).size() > 1)
        break;
    }
    std::size_t number = at + 1;
    while (number < tokens_.size() && tokens_[number].is(Kind::sign)) ++number;
    if (number + 2 >= tokens_.size() || !tokens_[number].is(Kind::number) || word(number + 1) != "of")
      return false;
    std::size_t end = number + 2;
    while (end < tokens_.size() && tokens_[end].is(Kind::word)) ++end;
    if (end == number + 2) return false;
    publication().series = std::string(between(number + 2, end));
    for (std::size_t i = at; i < end; ++i) tokens_[i].used = true;
    const BookTitle title = read_book_title(text_, tokens_, begin, at);
    publication().publisher = take_publisher(text_, tokens_, end, tokens_.size());
    read_locator_into(end, tokens_.size(), {.proceedings = true});
    publication().container = title.title;
    publication().volume = std::string(word(number));
    publication().type = names_meeting(title.title) || names_meeting(publication().series)
                             ? PublicationType::inproceedings
                             : PublicationType::incollection;
    if (const JournalName* const row = find_journal(publication().series)) {
      publication().series = row->full;
      if (row->kind == ContainerKind::series) publication().type = PublicationType::inproceedings;
    }
    return true;
  }

  std::string_view between(std::size_t begin, std::size_t end) const {
    return text_.substr(tokens_[begin].span.begin, tokens_[end - 1].span.end - tokens_[begin].span.begin);
  }

  // The words of the text are kept as the event.
  void set_venue(const Venue& venue, std::string_view words) {
    publication().event = words;
    publication().type = PublicationType::inproceedings;
    publication().container = venue_booktitle(venue, publication().date.year);
    publication().series = venue_series(venue, publication().date.year);
  }

  // Editors, publishers and chapters speak of a book; "in" alone does too, where no journal word stands.
  bool is_book(const std::string& name) const {
    const std::string lowered = in_lower_case(text_);
    const bool journal = names_journal(std::string_view(name).substr(0, name.find(',')));
    if (lead_.edited || lowered.find("festschrift") != std::string::npos) return true;
    if (has_word(lowered, "eds") || has_word(lowered, "editors") ||
        lowered.find("edited by") != std::string::npos || has_word(lowered, "ed") ||
        has_word(lowered, "editor") || lowered.find("isbn") != std::string::npos ||
        has_word(lowered, "chapter"))
      return !journal || name.size() > 100;
    if (journal) return false;
    if (lead_.within && name.find(' ') != std::string::npos && find_venue(name) == nullptr &&
        names_publisher(text_))
      return true;
    return names_publisher(text_);
  }

  void read_book(std::size_t begin, int leading_year, bool book) {
    const BookTitle title = read_book_title(text_, tokens_, begin, tokens_.size());
    publication().publisher = take_publisher(text_, tokens_, title.end, tokens_.size());
    take_series(title.end);
    LocatorContext context;
    context.proceedings = true;
    context.leading_year = leading_year;
    read_locator_into(title.end, tokens_.size(), context);
    publication().container = title.title;
    drop_year_as_volume();
    if (!publication().date.known() && title.year != 0)
      publication().date.year = static_cast<std::int16_t>(title.year);
    publication().type =
        !book || names_meeting(title.title) ? PublicationType::inproceedings : PublicationType::incollection;
    if (const Venue* const venue = find_venue(title.title); venue != nullptr && !venue->journal)
      set_venue(*venue, title.title);
  }

  // A series that is not in the table is told by its capitals: "IPCSIT vol.21".
  void take_series(std::size_t from) {
    for (std::size_t i = from; i + 2 < tokens_.size(); ++i) {
      if (!tokens_[i].is(Kind::word) || tokens_[i].used || number_label(word(i + 1)) != NumberLabel::volume)
        continue;
      const std::string_view name = word(i);
      if (name.size() < 3 ||
          !std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
        continue;
      publication().series = std::string(name);
      tokens_[i].used = true;
      return;
    }
  }

  // The name of an unknown journal: quotes, a trailing "journal" and what follows "(ACRONYM)," go.
  std::string clean_name(std::size_t begin, std::size_t end) {
    if (begin >= end) return {};
    std::string_view name =
        text_.substr(tokens_[begin].span.begin, tokens_[end - 1].span.end - tokens_[begin].span.begin);
    const std::size_t acronym = name.find("), ");
    std::size_t last = end;
    if (acronym != std::string_view::npos) {
      const std::size_t stop = tokens_[begin].span.begin + acronym + 1;
      while (last > begin && tokens_[last - 1].span.end > stop) --last;
      name = name.substr(0, acronym + 1);
    }
    for (std::size_t i = begin; i < last; ++i) tokens_[i].used = true;
    std::string out(name);
    out.erase(std::remove(out.begin(), out.end(), '"'), out.end());
    const auto trim = [&] {
      while (!out.empty() && std::string_view(" ,;:-/([").find(out.back()) != std::string_view::npos)
        out.pop_back();
    };
    trim();
    drop_authors(out);
    if (out.ends_with(" journal")) out.resize(out.size() - 8);
    trim();
    const std::size_t front = out.find_first_not_of(" ,;:-./)");
    return front == std::string::npos ? std::string() : out.substr(front);
  }

  // "D. R. Bickel, Minimax-optimal strength of evidence, International Statistical Review": authors and title
  // stand before the journal.
  void drop_authors(std::string& name) {
    if (names_meeting(name)) return;
    const std::size_t last = name.rfind(", ");
    if (last == std::string::npos || name.find(", ") == last) return;
    const std::size_t dot = name.find('.');
    const bool initials = dot != std::string::npos && dot > 0 && dot < name.find(", ") &&
                          name[dot - 1] >= 'A' && name[dot - 1] <= 'Z' &&
                          (dot == 1 || name[dot - 2] == ' ' || name[dot - 2] == '.');
    if ((!initials && name.size() < 100) || !has_journal_word(std::string_view(name).substr(last))) return;
    lead_.before = name.substr(0, last);
    name.erase(0, last + 2);
  }

  ReferenceLead lead_;
  std::string_view text_;
  const Publication* previous_;
  NormalizeFindings& findings_;
  ReferenceTokens tokens_;
  ReadReference& out_;
};

}  // namespace

ReadReference read_reference(std::string_view text, const Publication* previous,
                             NormalizeFindings& findings) {
  ReadReference out;
  ReferenceReader(text, previous, findings, out).read();
  return out;
}

}  // namespace bibsmith::bibtex
