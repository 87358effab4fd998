#pragma once

#include <string>
#include <string_view>

namespace bibsmith {

// The text of a title or name with HTML, JATS or MathML in it, as Crossref and DBLP send them: tags are
// dropped
// ("H<sub>2</sub>O" -> "H2O"), those of blocks become a space, entities their characters, and then
// plain_text. Formulas keep their TeX where there is one (tex-math), else the characters of the MathML. A '<'
// that begins no tag stays ("p < 0.05"). Entities that are escaped twice ("&amp;amp;") are read twice. [any
// thread]
std::string markup_text(std::string_view text);

}  // namespace bibsmith
