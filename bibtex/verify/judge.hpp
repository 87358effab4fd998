#pragma once

#include "bibtex/verify/claim.hpp"
#include "bibtex/verify/evidence.hpp"
#include "bibtex/verify/verdict.hpp"

namespace bibsmith::bibtex {

struct JudgeOptions {
  int this_year = 0;  // what is later has not come out yet; 0: unknown
};

// Whether the work is there and whether the reference says it right, field by field. The order of the
// candidates does not change the verdict. Pure. [any thread]
Verdict judge(const Claim& claim, const Evidence& evidence, const JudgeOptions& options);

}  // namespace bibsmith::bibtex
