// Any text: parse() refuses with a place inside the text, or gives an id in canonical form, which reads
// as itself in every form that we write.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"

using bibsmith::ArxivId;
using bibsmith::Doi;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto id = ArxivId::parse(text);
  if (!id) {
    if (id.error().message.empty() || id.error().offset > text.size()) std::abort();
  } else {
    const std::string canonical = id->str();
    for (const std::string& form :
         {canonical, "arXiv:" + canonical, "https://arxiv.org/abs/" + canonical, "[" + canonical + "]"}) {
      const auto again = ArxivId::parse(form);
      if (!again || *again != *id) std::abort();
    }
  }
  if (const auto doi = Doi::parse(text)) {
    const auto again = Doi::parse(doi->url());
    if (!again || *again != *doi) std::abort();
  }
  return 0;
}
