#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace bibsmith {

// Why a text names no arXiv paper, and where in it.
struct ArxivIdError {
  std::string message;     // one line, lower case, no stop: "month 13 does not exist"
  std::size_t offset = 0;  // byte offset in the text given to parse()
};

// An arXiv identifier in canonical form: "2107.05580", "hep-th/9901001", with or without "v2".
//
// Invariant: every ArxivId is well formed. The only way to make one is parse().
// Rules: arXiv identifier scheme (info.arxiv.org/help/arxiv_identifier.html): "YYMM.NNNN" from 0704 to
// 1412, "YYMM.NNNNN" from 1501, "archive/YYMMNNN" from 9108 to 0703; a subject class inside an old
// identifier ("math.GT/0309136") is not part of it. [any thread]
class ArxivId {
 public:
  // Takes every form that people paste: bare, "arXiv:" in any case, links to abs, pdf, html and to the
  // usual mirrors, the DOI form, the OAI form, a trailing "[cs.CL]", stray white space, Unicode hyphens
  // and zero-width characters. The whole text must name one paper. Texts over 2,048 bytes are refused.
  // Never throws but for memory.
  static tl::expected<ArxivId, ArxivIdError> parse(std::string_view text);

  const std::string& base() const { return base_; }                  // without version
  std::optional<std::uint16_t> version() const { return version_; }  // never 0
  std::string str() const;                                           // with version, if any
  bool is_old_style() const { return base_.find('/') != std::string::npos; }

  ArxivId without_version() const { return ArxivId(base_, std::nullopt); }
  // `version` must not be 0.
  ArxivId with_version(std::uint16_t version) const;

  friend auto operator<=>(const ArxivId&, const ArxivId&) = default;

 private:
  explicit ArxivId(std::string base, std::optional<std::uint16_t> version)
      : base_(std::move(base)), version_(version) {}

  std::string base_;
  std::optional<std::uint16_t> version_;
};

// For unordered containers.
struct ArxivIdHash {
  std::size_t operator()(const ArxivId& id) const {
    return std::hash<std::string>{}(id.base()) * 31 + id.version().value_or(0);
  }
};

// Versions differ, the paper does not.
inline bool same_paper(const ArxivId& a, const ArxivId& b) { return a.base() == b.base(); }

inline constexpr std::size_t arxiv_id_text_bytes_max = 2048;

}  // namespace bibsmith
