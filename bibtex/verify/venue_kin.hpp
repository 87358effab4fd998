#pragma once

namespace bibsmith::bibtex {

struct VenueText;

// A journal that is the proceedings of a meeting, or in which papers of the meeting come out: PACMPL for
// POPL, "ACM Transactions on Graphics" for SIGGRAPH. [any thread]
bool are_kin(const VenueText& a, const VenueText& b);

}  // namespace bibsmith::bibtex
