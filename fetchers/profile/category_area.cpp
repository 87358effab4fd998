#include "fetchers/profile/category_area.hpp"

#include <algorithm>
#include <array>

namespace bibsmith::fetchers {

namespace {

struct ArchiveArea {
  std::string_view archive;
  CategoryArea area;
};

constexpr std::array archive_areas = {
    ArchiveArea{"cs", CategoryArea::data},
    ArchiveArea{"stat", CategoryArea::data},
    ArchiveArea{"eess", CategoryArea::data},
    ArchiveArea{"cmp-lg", CategoryArea::data},
    ArchiveArea{"math", CategoryArea::mathematics},
    ArchiveArea{"alg-geom", CategoryArea::mathematics},
    ArchiveArea{"dg-ga", CategoryArea::mathematics},
    ArchiveArea{"funct-an", CategoryArea::mathematics},
    ArchiveArea{"q-alg", CategoryArea::mathematics},
    ArchiveArea{"hep-th", CategoryArea::high_energy},
    ArchiveArea{"hep-ph", CategoryArea::high_energy},
    ArchiveArea{"hep-ex", CategoryArea::high_energy},
    ArchiveArea{"hep-lat", CategoryArea::high_energy},
    ArchiveArea{"gr-qc", CategoryArea::high_energy},
    ArchiveArea{"nucl-th", CategoryArea::high_energy},
    ArchiveArea{"nucl-ex", CategoryArea::high_energy},
    ArchiveArea{"astro-ph", CategoryArea::astronomy},
    ArchiveArea{"cond-mat", CategoryArea::matter},
    ArchiveArea{"quant-ph", CategoryArea::matter},
    ArchiveArea{"physics", CategoryArea::matter},
    ArchiveArea{"nlin", CategoryArea::matter},
    ArchiveArea{"math-ph", CategoryArea::matter},
    ArchiveArea{"q-bio", CategoryArea::biology},
    ArchiveArea{"econ", CategoryArea::economics},
    ArchiveArea{"q-fin", CategoryArea::economics},
};

// The parts of math that statisticians and computer scientists post to.
constexpr std::array<std::string_view, 6> applied_math = {"math.ST", "math.OC", "math.PR",
                                                          "math.NA", "math.IT", "math.CO"};

}  // namespace

CategoryArea area_of(std::string_view category) {
  if (std::ranges::find(applied_math, category) != applied_math.end()) return CategoryArea::data;
  const std::string_view archive = category.substr(0, category.find('.'));
  const auto known = std::ranges::find(archive_areas, archive, &ArchiveArea::archive);
  return known == archive_areas.end() ? CategoryArea::unknown : known->area;
}

}  // namespace bibsmith::fetchers
