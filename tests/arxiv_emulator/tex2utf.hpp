#pragma once

#include <string>
#include <string_view>

namespace bibsmith::emulator {

// TeX accents, letters, symbols and Greek -> Unicode, as arXiv converts what it shows.
//
// The rules are those of arXiv's own conversion, its oddities included, because a client meets its
// output: a bare accent needs no braces but "\c c" does; the space behind "\alpha " is eaten; "{{x}}"
// collapses to "{x}" while single braces stay; an unknown accent is dropped and its letter kept
// ("\'v" -> "v", "\c{a}" -> "ca"); "\'\i" stays "\'ı"; "\varphi" and "\upsilon" are not converted.
// Total: any bytes are fine. [any thread]
std::string tex2utf(std::string_view tex);

}  // namespace bibsmith::emulator
