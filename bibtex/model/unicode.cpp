#include "bibtex/model/unicode.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "bibtex/model/utf8.hpp"

namespace bibsmith::bibtex {

namespace {

// ICU's data is part of the library; without it nothing works, so a failure here is a broken installation.
const icu::Normalizer2* normalizer_c() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFCInstance(status);
}

UChar32 icu_code(char32_t code) { return static_cast<UChar32>(code); }

// Below U+0300 nothing combines and every character is its own normal form.
bool needs_no_normalizing(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0xCC; });
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    if (!character.valid) return false;
    at += character.size;
  }
  return true;
}

// Letters that Unicode does not decompose, and a few marks of punctuation. Sorted by code.
struct Spelling {
  char32_t code;
  const char* ascii;
};
constexpr Spelling spellings[] = {
    {0x00A0, " "},   {0x00AD, ""},    {0x00B4, "'"},  {0x00B7, ""},   {0x00C6, "AE"}, {0x00D0, "D"},
    {0x00D8, "O"},   {0x00DE, "Th"},  {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"},  {0x00F8, "o"},
    {0x00FE, "th"},  {0x0110, "D"},   {0x0111, "d"},  {0x0126, "H"},  {0x0127, "h"},  {0x0131, "i"},
    {0x0132, "IJ"},  {0x0133, "ij"},  {0x0138, "q"},  {0x0141, "L"},  {0x0142, "l"},  {0x014A, "N"},
    {0x014B, "n"},   {0x0152, "OE"},  {0x0153, "oe"}, {0x0166, "T"},  {0x0167, "t"},  {0x017F, "s"},
    {0x018F, "E"},   {0x0259, "e"},   {0x02B9, "'"},  {0x02BB, "'"},  {0x02BC, "'"},  {0x02BE, "'"},
    {0x02BF, "'"},   {0x1E9E, "SS"},  {0x200B, ""},   {0x200C, ""},   {0x200D, ""},   {0x2010, "-"},
    {0x2011, "-"},   {0x2012, "-"},   {0x2013, "-"},  {0x2014, "-"},  {0x2018, "'"},  {0x2019, "'"},
    {0x201C, "\""},  {0x201D, "\""},  {0x2212, "-"},  {0xFB00, "ff"}, {0xFB01, "fi"}, {0xFB02, "fl"},
    {0xFB03, "ffi"}, {0xFB04, "ffl"}, {0xFEFF, ""},
};

const char* spelling_of(char32_t code) {
  const auto found = std::lower_bound(std::begin(spellings), std::end(spellings), code,
                                      [](const Spelling& s, char32_t c) { return s.code < c; });
  return found != std::end(spellings) && found->code == code ? found->ascii : nullptr;
}

// The rest by ICU: made once, const and internally locked, so any thread may use it.
const icu::Transliterator* romanizer() {
  static const std::unique_ptr<const icu::Transliterator> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<const icu::Transliterator>(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII", UTRANS_FORWARD, status));
  }();
  return instance.get();
}

void append_romanized(std::string& out, std::string_view text) {
  const icu::Transliterator* const transliterator = romanizer();
  if (transliterator == nullptr) return;
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  transliterator->transliterate(wide);
  std::string narrow;
  wide.toUTF8String(narrow);
  std::copy_if(narrow.begin(), narrow.end(), std::back_inserter(out),
               [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

bool is_upper(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z';
  return u_isupper(icu_code(code)) != 0 || u_istitle(icu_code(code)) != 0;
}

bool is_lower(char32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z';
  return u_islower(icu_code(code)) != 0;
}

bool is_letter(char32_t code) {
  if (code < 0x80) return is_upper(code) || is_lower(code);
  return u_isalpha(icu_code(code)) != 0;
}

bool is_mark(char32_t code) {
  if (code < 0x300) return false;
  return (U_GET_GC_MASK(icu_code(code)) & U_GC_M_MASK) != 0;
}

char32_t compose(char32_t base, char32_t mark) {
  const UChar32 composed = normalizer_c()->composePair(icu_code(base), icu_code(mark));
  return composed < 0 ? 0 : static_cast<char32_t>(composed);
}

Decomposition decompose(char32_t code) {
  if (code < 0xC0) return {code, 0};
  icu::UnicodeString parts;
  if (normalizer_c()->getRawDecomposition(icu_code(code), parts) == 0) return {code, 0};
  const UChar32 base = parts.char32At(0);
  const int32_t next = parts.moveIndex32(0, 1);
  if (next >= parts.length()) return {static_cast<char32_t>(base), 0};
  return {static_cast<char32_t>(base), static_cast<char32_t>(parts.char32At(next))};
}

std::string nfc(std::string_view text) {
  std::string repaired;
  if (!is_ascii(text) && !is_valid_utf8(text)) {
    repaired = repair_utf8(text);
    text = repaired;
  }
  if (needs_no_normalizing(text)) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  normalizer_c()->normalize(wide, status).toUTF8String(out);
  return U_FAILURE(status) ? std::string(text) : out;
}

std::string fold_case(std::string_view text) {
  std::string out;
  if (is_ascii(text)) {
    out.assign(text);
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
  }
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  wide.foldCase().toUTF8String(out);
  return out;
}

namespace {

using AppendForeign = void (*)(std::string& out, std::string_view text);

// Letters by their base or their spelling; runs of what has neither by `append_foreign`, for scripts are
// romanised in context.
std::string spelt_in_ascii(std::string_view text, AppendForeign append_foreign) {
  std::string out;
  out.reserve(text.size());
  std::string foreign;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    char32_t code = character.valid ? character.code : windows_1252(text[at]);
    at += character.size;
    while (code >= 0x80) {  // each step strips one mark, so this ends
      const Decomposition parts = decompose(code);
      if (parts.base == code || is_mark(code)) break;
      code = parts.base;
    }
    const char* const spelt = code < 0x80 ? nullptr : spelling_of(code);
    const bool known = code < 0x80 || spelt != nullptr;
    if (known && !foreign.empty()) {
      append_foreign(out, foreign);
      foreign.clear();
    }
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (spelt != nullptr) {
      out += spelt;
    } else if (character.valid && !(is_mark(code) && foreign.empty())) {
      foreign.append(text.substr(at - character.size, character.size));
    }
  }
  if (!foreign.empty()) append_foreign(out, foreign);
  return out;
}

}  // namespace

std::string to_ascii(std::string_view text) { return spelt_in_ascii(text, append_romanized); }

std::string to_plain_latin(std::string_view text) {
  return spelt_in_ascii(text, [](std::string& out, std::string_view foreign) { out += foreign; });
}

}  // namespace bibsmith::bibtex
