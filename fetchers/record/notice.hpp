#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith {

// What became of a work after it came out, as its publisher or arXiv says.
enum class NoticeKind : std::uint8_t {
  retracted,
  withdrawn,
  superseded,             // another version or edition takes its place
  expression_of_concern,  // the editors doubt it
  corrected,              // an erratum or a correction: the work stands
};

// "retracted", "withdrawn", "superseded", "concern", "corrected".
constexpr std::string_view name_of(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::retracted:
      return "retracted";
    case NoticeKind::withdrawn:
      return "withdrawn";
    case NoticeKind::superseded:
      return "superseded";
    case NoticeKind::expression_of_concern:
      return "concern";
    case NoticeKind::corrected:
      return "corrected";
  }
  return {};
}

// One notice about a work. Empty: the source does not say.
struct Notice {
  NoticeKind kind = NoticeKind::corrected;
  std::string id;  // the DOI of the notice, or the arXiv id of what supersedes

  friend bool operator==(const Notice&, const Notice&) = default;
};

}  // namespace bibsmith
