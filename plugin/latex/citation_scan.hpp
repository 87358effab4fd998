#pragma once

#include <string_view>
#include <vector>

#include "bibtex/syntax/span.hpp"

namespace bibsmith::plugin {

// The citation keys in a TeX source, as spans in order: the arguments of the \cite commands of LaTeX, natbib
// and biblatex (\citep[see][p.~3]{a,b}, \parencites[1]{a}[2]{b}, \volcite{2}{a}, \nocite, \fullcite ...), and
// of what users name after them. Comments, \verb, and the environments verbatim, lstlisting, minted and the
// like cite nothing. Any bytes are taken; a source of more than 4 GiB is read as far as offsets go. [any
// thread]
std::vector<bibtex::Span> cited_keys(std::string_view tex);

// Whether the command of that name, without its backslash, takes citation keys.
bool is_cite_command(std::string_view name);

}  // namespace bibsmith::plugin
