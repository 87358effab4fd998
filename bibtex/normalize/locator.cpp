#include "bibtex/normalize/locator.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "bibtex/normalize/locator_items.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Items = std::vector<LocatorItem>;

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string two_digits(int number) {
  return number < 10 ? "0" + std::to_string(number) : std::to_string(number);
}

// What only an article number or a page can be: letters, or more digits than volumes have.
bool is_page_like(const LocatorItem& item) {
  return item.is_range() || !item.is_plain_number() || item.first.size() >= 5;
}

class Settler {
 public:
  Settler(LocatorItems read, const LocatorContext& context, NormalizeFindings& findings, Locator& out)
      : items_(std::move(read.items)), date_(read.date), context_(context), findings_(findings), out_(out) {}

  void settle() {
    take_labelled();
    take_year();
    if (context_.practice == PagePractice::year_is_volume && settle_year_volume()) return;
    drop_series_in_brackets();
    take_volume();
    take_number();
    take_pages();
    // "Volume 2013, Article ID 123456"
    if (!out_.date.known() && is_year(out_.volume))
      out_.date.year = static_cast<std::int16_t>(to_int(out_.volume));
  }

  // Numbers that found no place.
  const Items& left() const { return items_; }

 private:
  LocatorItem pop(std::size_t i) {
    const LocatorItem item = items_[i];
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
    return item;
  }

  void guess(std::string_view code, std::string message) {
    findings_.push_back({std::string(code), std::move(message)});
  }

  void set_pages(const LocatorItem& item) {
    out_.pages = item.text();
    page_labelled_article_ = item.label == NumberLabel::article;
  }

  void take_labelled() {
    for (std::size_t i = 0; i < items_.size();) {
      const LocatorItem& item = items_[i];
      std::string* target = nullptr;
      switch (item.label) {
        case NumberLabel::volume:
          target = &out_.volume;
          break;
        case NumberLabel::number:
          // "vol. 70, no. 066108" is an article number.
          if (item.is_plain_number() && item.first.size() >= 5 && item.first.size() <= 7) {
            if (out_.pages.empty()) set_pages(item);
            page_labelled_article_ = true;
            pop(i);
            continue;
          }
          target = &out_.number;
          break;
        case NumberLabel::pages:
        case NumberLabel::page_letter:
        case NumberLabel::article:
          if (out_.pages.empty()) {
            set_pages(item);
            pop(i);
            continue;
          }
          if (page_labelled_article_ && item.label == NumberLabel::pages) {
            // "Paper 1, pages 1-20"
            if (out_.number.empty()) out_.number = out_.pages;
            set_pages(item);
            pop(i);
            continue;
          }
          break;
        case NumberLabel::year:
          if (is_year(item.first)) {
            date_.year = static_cast<std::int16_t>(to_int(item.first));
            pop(i);
            continue;
          }
          break;
        case NumberLabel::ignored:
          pop(i);
          continue;
        case NumberLabel::none:
          break;
      }
      if (target != nullptr) {
        // The first is meant: "Issue 2, No 3".
        if (target->empty()) *target = item.text();
        pop(i);
        continue;
      }
      ++i;
    }
  }

  bool is_year_item(const LocatorItem& item) const {
    return item.label == NumberLabel::none && item.is_plain_number() && is_year(item.first);
  }

  // Brackets say it; a date does; the number at the end, or at the beginning, is it where it can be one.
  void take_year() {
    if (date_.year == 0) {
      for (std::size_t i = items_.size(); i-- > 0;) {
        if (items_[i].in_brackets && is_year_item(items_[i])) {
          date_.year = static_cast<std::int16_t>(to_int(pop(i).first));
          break;
        }
      }
    } else {
      // "(2012) ... 12 May 2012": said twice.
      for (std::size_t i = 0; i < items_.size(); ++i) {
        if (items_[i].in_brackets && is_year_item(items_[i])) {
          date_.year = static_cast<std::int16_t>(to_int(pop(i).first));
          break;
        }
      }
    }
    if (date_.year == 0 && context_.leading_year != 0) {
      // "2007, A&A, 2007, 469": said twice.
      const auto repeated = std::find_if(items_.begin(), items_.end(), [&](const LocatorItem& item) {
        return is_year_item(item) && to_int(item.first) == context_.leading_year;
      });
      if (repeated != items_.end() && items_.size() > 2) items_.erase(repeated);
      date_.year = static_cast<std::int16_t>(context_.leading_year);
    }
    if (date_.year == 0 && !items_.empty()) take_bare_year();
    // "2009, Volume 5555/2009": said twice.
    if (date_.year != 0 && !out_.volume.empty() && !items_.empty() && is_year_item(items_.front()) &&
        to_int(items_.front().first) == date_.year) {
      pop(0);
    }
    out_.date = date_.year != 0 ? date_ : Date{};
  }

  void take_bare_year() {
    const bool first = is_year_item(items_.front());
    const bool last = is_year_item(items_.back());
    const bool one = items_.size() == 1;
    if (!one && first && last && items_.front().first != items_.back().first &&
        context_.practice != PagePractice::year_is_volume) {
      guess("journal-ref.year-or-page", in_quotes(items_.front().first) + " was taken for the year, " +
                                            in_quotes(items_.back().first) + " may be");
      date_.year = static_cast<std::int16_t>(to_int(pop(0).first));
      return;
    }
    if (last) {
      // "395, 1992": a year, unless the page is missed.
      if (items_.size() == 2 && out_.pages.empty() && out_.volume.empty() && !context_.year_last) {
        guess("journal-ref.year-or-page",
              in_quotes(items_.back().first) + " was taken for the year, it may be a page");
      }
      date_.year = static_cast<std::int16_t>(to_int(pop(items_.size() - 1).first));
      return;
    }
    if (first) {
      date_.year = static_cast<std::int16_t>(to_int(pop(0).first));
      return;
    }
    std::size_t found = items_.size();
    std::size_t count = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!is_year_item(items_[i])) continue;
      found = i;
      ++count;
    }
    if (count == 0) return;
    // In the middle: "60, 2010, 27-51".
    if (count > 1 || items_.size() == 2) {
      guess("journal-ref.year-or-page",
            in_quotes(items_[found].first) + " was taken for the year, it may be a page");
    }
    date_.year = static_cast<std::int16_t>(to_int(pop(found).first));
  }

  // JHEP, JCAP, J. Stat. Mech.: volume = year, number = month in two digits; "0612", "12" and "(12)" all say
  // the month, and so does the page of J. Stat. Mech. ("P12012").
  bool settle_year_volume() {
    int month = 0;
    int year = date_.year;
    const auto take_issue = [&](std::string_view digits) {
      const int value = to_int(digits);
      if (digits.size() == 4 && value % 100 >= 1 && value % 100 <= 12 &&
          !(is_year(digits) && value == year)) {
        const int short_year = value / 100;
        const int full = short_year >= 90 ? 1900 + short_year : 2000 + short_year;
        if (year != 0 && full != year && is_year(digits)) return value == year;
        if (month == 0) month = value % 100;
        if (year == 0 || full + 1 == year || full == year) {
          if (year != 0 && full != year) {
            guess("journal-ref.year-of-volume",
                  "the volume says " + std::to_string(full) + ", the date " + std::to_string(year));
          }
          year = full;
        }
        return true;
      }
      if (is_year(digits)) {
        if (year == 0) year = value;
        return value == year;
      }
      if (digits.size() <= 2 && value >= 1 && value <= 12) {
        if (month == 0) month = value;
        return true;
      }
      return false;
    };
    bool ours = true;
    if (!out_.number.empty()) ours = take_issue(out_.number);
    if (ours && !out_.volume.empty()) ours = take_issue(out_.volume);
    // The last number is the page.
    while (ours && items_.size() > (out_.pages.empty() ? 1U : 0U)) {
      if (!items_.front().is_plain_number() || !take_issue(items_.front().first)) break;
      pop(0);
    }
    if (out_.pages.empty() && !items_.empty()) {
      // "JHEP 2009" and "JHEP 0907 (2009)" name no page.
      if (items_.size() == 1 && items_.front().first.size() == 4 && items_.front().is_plain_number() &&
          take_issue(items_.front().first)) {
        pop(0);
      } else {
        set_pages(pop(0));
      }
    }
    if (year == 0) return false;
    if (month == 0) month = date_.month;
    const std::string& page = out_.pages;
    if (month == 0 && page.size() == 6 && bibsmith::is_letter(page[0]) &&
        to_int(std::string_view(page).substr(1)) > 0) {
      const int of_page = to_int(std::string_view(page).substr(1, 2));
      if (of_page >= 1 && of_page <= 12) month = of_page;
    }
    out_.volume = std::to_string(year);
    out_.number = month != 0 ? two_digits(month) : std::string();
    if (out_.date.year != year) out_.date = {};
    out_.date.year = static_cast<std::int16_t>(year);
    out_.eid = std::exchange(out_.pages, {});
    return true;
  }

  // "Ann. of Math. (2) 177": a series, before the volume.
  void drop_series_in_brackets() {
    if (items_.size() >= 2 && out_.volume.empty() && items_[0].in_brackets && items_[0].first.size() == 1 &&
        !items_[1].in_brackets && items_[1].is_plain_number() && date_.year != 0 &&
        (items_.size() > 2 || !out_.pages.empty())) {
      pop(0);
    }
  }

  void take_volume() {
    if (!out_.volume.empty() || items_.empty()) return;
    const LocatorItem& first = items_.front();
    // "LNCS 10457": series count beyond what journals reach.
    const bool is_page = is_page_like(first) && !(context_.year_last && first.is_plain_number());
    if (items_.size() == 1 && (is_page || !out_.number.empty()) && out_.pages.empty()) return;
    if (first.is_range() && items_.size() > 1 && items_[1].is_range()) {
      out_.volume = pop(0).text();  // a double volume
      return;
    }
    if (is_page_like(first) && first.is_range()) return;
    out_.volume = pop(0).text();
  }

  void take_number() {
    if (!out_.number.empty() || items_.empty()) return;
    const LocatorItem& first = items_.front();
    const bool more = items_.size() > 1 || !out_.pages.empty();
    if (first.in_brackets && !is_page_like_alone(first)) {
      out_.number = pop(0).text();
      return;
    }
    // "23, 1-2 (2009) 1-10": a double issue.
    const bool double_issue =
        first.is_range() && first.first.size() <= 2 && first.last.size() <= 2 && items_.size() > 1;
    if (more && !out_.volume.empty() && first.first.size() <= 4 &&
        (first.is_plain_number() || double_issue)) {
      out_.number = pop(0).text();
    }
  }

  static bool is_page_like_alone(const LocatorItem& item) {
    return item.first.size() >= 5 || (!item.is_plain_number() && !item.is_range());
  }

  void take_pages() {
    if (out_.pages.empty() && !items_.empty()) {
      // Where articles have numbers, the one that looks like one is it.
      std::size_t page = 0;
      if (context_.practice == PagePractice::article_numbers) {
        while (page + 1 < items_.size() && !is_page_like(items_[page])) ++page;
        if (!is_page_like(items_[page])) page = 0;
      }
      set_pages(pop(page));
    }
    if (out_.pages.empty()) return;
    if (!items_.empty()) {
      guess("journal-ref.extra-number", in_quotes(items_.front().text()) + " found no place");
    }
    if (is_article_number()) out_.eid = std::exchange(out_.pages, {});
  }

  // Article numbers are said to be, are long, or have letters; L57 is a page of a letters section.
  bool is_article_number() const {
    const std::string& page = out_.pages;
    if (page.find('-') != std::string::npos) return false;
    if (page_labelled_article_ || context_.practice == PagePractice::article_numbers) return true;
    if (!is_digit(page[0])) return page[0] != 'L' && page[0] != 'S' && page[0] != 'R';
    if (page.size() < 5) return false;
    return !(context_.physical_review && date_.year != 0 && date_.year <= 2000);
  }

  Items items_;
  Date date_;
  LocatorContext context_;
  NormalizeFindings& findings_;
  Locator& out_;
  bool page_labelled_article_ = false;
};

}  // namespace

Locator read_locator(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to,
                     const LocatorContext& context, NormalizeFindings& findings) {
  Locator locator;
  Settler settler(locator_items(text, tokens, from, to), context, findings, locator);
  settler.settle();
  for (const LocatorItem& item : settler.left()) tokens[item.token].used = false;
  return locator;
}

}  // namespace bibsmith::bibtex
