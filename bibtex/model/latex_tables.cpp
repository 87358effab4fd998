#include "bibtex/model/latex_tables.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using enum LatexSymbol::Use;

// Names and code points: the LaTeX kernel's tables for UTF-8 input (t1enc.dfu, ot1enc.dfu, ts1enc.dfu,
// omsenc.dfu) for text; fontmath.ltx and amssymb.sty with the code points of unicode-math for math.
// Sorted by name.
// clang-format off
constexpr LatexSymbol symbols[] = {
    {"AA", 0x00C5, text}, {"AE", 0x00C6, text}, {"Alpha", 0x0391, math_only}, {"Beta", 0x0392, math_only},
    {"Box", 0x25A1, read}, {"Bumpeq", 0x224E, math}, {"Cap", 0x22D2, math}, {"Chi", 0x03A7, math_only},
    {"Cup", 0x22D3, math}, {"DH", 0x00D0, text}, {"DJ", 0x0110, text}, {"Delta", 0x0394, math},
    {"Diamond", 0x25C7, read}, {"Doteq", 0x2251, math}, {"Downarrow", 0x21D3, math},
    {"Epsilon", 0x0395, math_only}, {"Eta", 0x0397, math_only}, {"Finv", 0x2132, math},
    {"Game", 0x2141, math}, {"Gamma", 0x0393, math}, {"IJ", 0x0132, text}, {"Im", 0x2111, math},
    {"Iota", 0x0399, math_only}, {"Kappa", 0x039A, math_only}, {"L", 0x0141, text},
    {"Lambda", 0x039B, math}, {"Leftarrow", 0x21D0, math}, {"Leftrightarrow", 0x21D4, math},
    {"Lleftarrow", 0x21DA, math}, {"Longleftarrow", 0x27F8, math}, {"Longleftrightarrow", 0x27FA, math},
    {"Longrightarrow", 0x27F9, math}, {"Lsh", 0x21B0, math}, {"Mu", 0x039C, math_only},
    {"NG", 0x014A, text}, {"Nu", 0x039D, math_only}, {"O", 0x00D8, text}, {"OE", 0x0152, text},
    {"Omega", 0x03A9, math}, {"Omicron", 0x039F, math_only}, {"P", 0x00B6, read}, {"Phi", 0x03A6, math},
    {"Pi", 0x03A0, math}, {"Psi", 0x03A8, math}, {"Re", 0x211C, math}, {"Rho", 0x03A1, math_only},
    {"Rightarrow", 0x21D2, math}, {"Rrightarrow", 0x21DB, math}, {"Rsh", 0x21B1, math}, {"S", 0x00A7, read},
    {"SS", 0x1E9E, text}, {"Sigma", 0x03A3, math}, {"Subset", 0x22D0, math}, {"Supset", 0x22D1, math},
    {"TH", 0x00DE, text}, {"Tau", 0x03A4, math_only}, {"Theta", 0x0398, math}, {"Uparrow", 0x21D1, math},
    {"Updownarrow", 0x21D5, math}, {"Upsilon", 0x03A5, math}, {"Vdash", 0x22A9, math},
    {"Vert", 0x2016, read}, {"Vvdash", 0x22AA, math}, {"Xi", 0x039E, math}, {"Zeta", 0x0396, math_only},
    {"aa", 0x00E5, text}, {"ae", 0x00E6, text}, {"aleph", 0x2135, math}, {"alpha", 0x03B1, math},
    {"amalg", 0x2A3F, math}, {"angle", 0x2220, math}, {"approx", 0x2248, math}, {"approxeq", 0x224A, math},
    {"ast", 0x2217, math}, {"asymp", 0x224D, math}, {"backprime", 0x2035, math}, {"backsim", 0x223D, math},
    {"backsimeq", 0x22CD, math}, {"barwedge", 0x22BC, math}, {"because", 0x2235, math},
    {"beta", 0x03B2, math}, {"beth", 0x2136, math}, {"between", 0x226C, math}, {"bigcap", 0x22C2, math},
    {"bigcup", 0x22C3, math}, {"bigodot", 0x2A00, math}, {"bigoplus", 0x2A01, math},
    {"bigotimes", 0x2A02, math}, {"bigsqcup", 0x2A06, math}, {"bigstar", 0x2605, math},
    {"bigtriangledown", 0x25BD, math}, {"bigtriangleup", 0x25B3, math}, {"biguplus", 0x2A04, math},
    {"bigvee", 0x22C1, math}, {"bigwedge", 0x22C0, math}, {"blacktriangle", 0x25B4, math},
    {"blacktriangledown", 0x25BE, math}, {"blacktriangleleft", 0x25C0, math},
    {"blacktriangleright", 0x25B6, math}, {"bot", 0x22A5, math}, {"bowtie", 0x22C8, math},
    {"boxdot", 0x22A1, math}, {"boxminus", 0x229F, math}, {"boxplus", 0x229E, math},
    {"boxtimes", 0x22A0, math}, {"bullet", 0x2219, read}, {"bumpeq", 0x224F, math}, {"cap", 0x2229, math},
    {"cdot", 0x22C5, math}, {"cdotp", 0x00B7, read}, {"cdots", 0x22EF, math}, {"chi", 0x03C7, math},
    {"circ", 0x2218, read}, {"circeq", 0x2257, math}, {"circledast", 0x229B, math},
    {"circledcirc", 0x229A, math}, {"circleddash", 0x229D, math}, {"clubsuit", 0x2663, math},
    {"colon", 0x003A, read}, {"complement", 0x2201, math}, {"cong", 0x2245, math}, {"coprod", 0x2210, math},
    {"copyright", 0x00A9, read}, {"cup", 0x222A, math}, {"curlyeqprec", 0x22DE, math},
    {"curlyeqsucc", 0x22DF, math}, {"curlyvee", 0x22CE, math}, {"curlywedge", 0x22CF, math},
    {"curvearrowleft", 0x21B6, math}, {"curvearrowright", 0x21B7, math}, {"dag", 0x2020, read},
    {"dagger", 0x2020, read}, {"daleth", 0x2138, math}, {"dashv", 0x22A3, math}, {"ddag", 0x2021, read},
    {"ddagger", 0x2021, read}, {"ddots", 0x22F1, math}, {"delta", 0x03B4, math}, {"dh", 0x00F0, text},
    {"diamondsuit", 0x2662, math}, {"div", 0x00F7, read}, {"divideontimes", 0x22C7, math},
    {"dj", 0x0111, text}, {"doteq", 0x2250, math}, {"doteqdot", 0x2251, read}, {"dotplus", 0x2214, math},
    {"dots", 0x2026, read}, {"doublebarwedge", 0x2A5E, math}, {"downarrow", 0x2193, math},
    {"downdownarrows", 0x21CA, math}, {"downharpoonleft", 0x21C3, math}, {"downharpoonright", 0x21C2, math},
    {"earth", 0x2295, read}, {"ell", 0x2113, math}, {"epsilon", 0x03F5, math}, {"eqcirc", 0x2256, math},
    {"eqsim", 0x2242, math}, {"eqslantgtr", 0x2A96, math}, {"eqslantless", 0x2A95, math},
    {"equiv", 0x2261, math}, {"eta", 0x03B7, math}, {"euro", 0x20AC, read}, {"exists", 0x2203, math},
    {"fallingdotseq", 0x2252, math}, {"flat", 0x266D, math}, {"forall", 0x2200, math},
    {"frown", 0x2322, math}, {"gamma", 0x03B3, math}, {"ge", 0x2265, read}, {"geq", 0x2265, math},
    {"geqq", 0x2267, math}, {"geqslant", 0x2A7E, math}, {"gets", 0x2190, read}, {"gg", 0x226B, math},
    {"ggg", 0x22D9, math}, {"gimel", 0x2137, math}, {"gnapprox", 0x2A8A, math}, {"gneq", 0x2A88, math},
    {"gneqq", 0x2269, math}, {"gnsim", 0x22E7, math}, {"gtrapprox", 0x2A86, math}, {"gtrdot", 0x22D7, math},
    {"gtreqless", 0x22DB, math}, {"gtreqqless", 0x2A8C, math}, {"gtrless", 0x2277, math},
    {"gtrsim", 0x2273, math}, {"guillemetleft", 0x00AB, text}, {"guillemetright", 0x00BB, text},
    {"guillemotleft", 0x00AB, read}, {"guillemotright", 0x00BB, read}, {"guilsinglleft", 0x2039, text},
    {"guilsinglright", 0x203A, text}, {"hbar", 0x210F, read}, {"heartsuit", 0x2661, math},
    {"hookleftarrow", 0x21A9, math}, {"hookrightarrow", 0x21AA, math}, {"hslash", 0x210F, math},
    {"i", 0x0131, text}, {"iiint", 0x222D, read}, {"iint", 0x222C, read}, {"ij", 0x0133, text},
    {"in", 0x2208, math}, {"infty", 0x221E, math}, {"int", 0x222B, math}, {"intercal", 0x22BA, math},
    {"iota", 0x03B9, math}, {"j", 0x0237, text}, {"kappa", 0x03BA, math}, {"l", 0x0142, text},
    {"lambda", 0x03BB, math}, {"land", 0x2227, read}, {"langle", 0x27E8, math}, {"lbrace", 0x007B, read},
    {"lbrack", 0x005B, read}, {"lceil", 0x2308, math}, {"ldots", 0x2026, read}, {"le", 0x2264, read},
    {"leadsto", 0x21DD, read}, {"leftarrow", 0x2190, math}, {"leftarrowtail", 0x21A2, math},
    {"leftharpoondown", 0x21BD, math}, {"leftharpoonup", 0x21BC, math}, {"leftleftarrows", 0x21C7, math},
    {"leftrightarrow", 0x2194, math}, {"leftrightarrows", 0x21C6, math},
    {"leftrightharpoons", 0x21CB, math}, {"leftrightsquigarrow", 0x21AD, math},
    {"leftthreetimes", 0x22CB, math}, {"leq", 0x2264, math}, {"leqq", 0x2266, math},
    {"leqslant", 0x2A7D, math}, {"lessapprox", 0x2A85, math}, {"lessdot", 0x22D6, math},
    {"lesseqgtr", 0x22DA, math}, {"lesseqqgtr", 0x2A8B, math}, {"lessgtr", 0x2276, math},
    {"lesssim", 0x2272, math}, {"lfloor", 0x230A, math}, {"lgroup", 0x27EE, math}, {"ll", 0x226A, math},
    {"lll", 0x22D8, math}, {"lmoustache", 0x23B0, math}, {"lnapprox", 0x2A89, math}, {"lneq", 0x2A87, math},
    {"lneqq", 0x2268, math}, {"lnot", 0x00AC, read}, {"lnsim", 0x22E6, math},
    {"longleftarrow", 0x27F5, math}, {"longleftrightarrow", 0x27F7, math}, {"longmapsto", 0x27FC, math},
    {"longrightarrow", 0x27F6, math}, {"looparrowleft", 0x21AB, math}, {"looparrowright", 0x21AC, math},
    {"lor", 0x2228, read}, {"lq", 0x2018, read}, {"ltimes", 0x22C9, math}, {"mapsto", 0x21A6, math},
    {"mathparagraph", 0x00B6, read}, {"mathsection", 0x00A7, read}, {"mathsterling", 0x00A3, read},
    {"measuredangle", 0x2221, math}, {"mho", 0x2127, read}, {"mid", 0x2223, math}, {"models", 0x22A7, math},
    {"mp", 0x2213, math}, {"mu", 0x03BC, math}, {"multimap", 0x22B8, math}, {"nLeftarrow", 0x21CD, math},
    {"nLeftrightarrow", 0x21CE, math}, {"nRightarrow", 0x21CF, math}, {"nVDash", 0x22AF, math},
    {"nVdash", 0x22AE, math}, {"nabla", 0x2207, math}, {"natural", 0x266E, math}, {"ncong", 0x2247, math},
    {"ne", 0x2260, read}, {"nearrow", 0x2197, math}, {"neg", 0x00AC, read}, {"neq", 0x2260, math},
    {"nexists", 0x2204, math}, {"ng", 0x014B, text}, {"ngeq", 0x2271, math}, {"ngtr", 0x226F, math},
    {"ni", 0x220B, math}, {"nleftarrow", 0x219A, math}, {"nleftrightarrow", 0x21AE, math},
    {"nleq", 0x2270, math}, {"nless", 0x226E, math}, {"nmid", 0x2224, math}, {"notin", 0x2209, math},
    {"nparallel", 0x2226, math}, {"nprec", 0x2280, math}, {"nrightarrow", 0x219B, math},
    {"nsim", 0x2241, math}, {"nsubseteq", 0x2288, math}, {"nsucc", 0x2281, math},
    {"nsupseteq", 0x2289, math}, {"ntrianglelefteq", 0x22EC, math}, {"ntrianglerighteq", 0x22ED, math},
    {"nu", 0x03BD, math}, {"nvDash", 0x22AD, math}, {"nvdash", 0x22AC, math}, {"nwarrow", 0x2196, math},
    {"o", 0x00F8, text}, {"odot", 0x2299, math}, {"oe", 0x0153, text}, {"oint", 0x222E, math},
    {"omega", 0x03C9, math}, {"omicron", 0x03BF, math_only}, {"ominus", 0x2296, math},
    {"oplus", 0x2295, math}, {"oslash", 0x2298, math}, {"otimes", 0x2297, math},
    {"overbrace", 0x23DE, math}, {"overleftarrow", 0x20D6, math}, {"overrightarrow", 0x20D7, math},
    {"owns", 0x220B, read}, {"parallel", 0x2225, math}, {"partial", 0x2202, math}, {"perp", 0x27C2, math},
    {"phi", 0x03D5, math}, {"pi", 0x03C0, math}, {"pitchfork", 0x22D4, math}, {"pm", 0x00B1, read},
    {"pounds", 0x00A3, read}, {"prec", 0x227A, math}, {"precapprox", 0x2AB7, math},
    {"preccurlyeq", 0x227C, math}, {"preceq", 0x2AAF, math}, {"precnapprox", 0x2AB9, math},
    {"precneqq", 0x2AB5, math}, {"precnsim", 0x22E8, math}, {"precsim", 0x227E, math},
    {"prime", 0x2032, math}, {"prod", 0x220F, math}, {"propto", 0x221D, math}, {"psi", 0x03C8, math},
    {"quotedblbase", 0x201E, text}, {"quotesinglbase", 0x201A, text}, {"rangle", 0x27E9, math},
    {"rbrace", 0x007D, read}, {"rbrack", 0x005D, read}, {"rceil", 0x2309, math}, {"rfloor", 0x230B, math},
    {"rgroup", 0x27EF, math}, {"rho", 0x03C1, math}, {"rightarrow", 0x2192, math},
    {"rightarrowtail", 0x21A3, math}, {"rightharpoondown", 0x21C1, math}, {"rightharpoonup", 0x21C0, math},
    {"rightleftarrows", 0x21C4, math}, {"rightleftharpoons", 0x21CC, math},
    {"rightrightarrows", 0x21C9, math}, {"rightsquigarrow", 0x21DD, math},
    {"rightthreetimes", 0x22CC, math}, {"risingdotseq", 0x2253, math}, {"rmoustache", 0x23B1, math},
    {"rq", 0x2019, read}, {"rtimes", 0x22CA, math}, {"searrow", 0x2198, math}, {"setminus", 0x2216, read},
    {"sharp", 0x266F, math}, {"sigma", 0x03C3, math}, {"sim", 0x223C, math}, {"simeq", 0x2243, math},
    {"slash", 0x002F, read}, {"smallsetminus", 0x2216, math}, {"smile", 0x2323, math},
    {"spadesuit", 0x2660, math}, {"sphericalangle", 0x2222, math}, {"sqcap", 0x2293, math},
    {"sqcup", 0x2294, math}, {"sqrt", 0x221A, read}, {"sqsubset", 0x228F, math},
    {"sqsubseteq", 0x2291, math}, {"sqsupset", 0x2290, math}, {"sqsupseteq", 0x2292, math},
    {"ss", 0x00DF, text}, {"star", 0x22C6, math}, {"subset", 0x2282, math}, {"subseteq", 0x2286, math},
    {"subseteqq", 0x2AC5, math}, {"subsetneq", 0x228A, math}, {"subsetneqq", 0x2ACB, math},
    {"succ", 0x227B, math}, {"succapprox", 0x2AB8, math}, {"succcurlyeq", 0x227D, math},
    {"succeq", 0x2AB0, math}, {"succnapprox", 0x2ABA, math}, {"succneqq", 0x2AB6, math},
    {"succnsim", 0x22E9, math}, {"succsim", 0x227F, math}, {"sum", 0x2211, math}, {"sun", 0x2609, read},
    {"supset", 0x2283, math}, {"supseteq", 0x2287, math}, {"supseteqq", 0x2AC6, math},
    {"supsetneq", 0x228B, math}, {"supsetneqq", 0x2ACC, math}, {"surd", 0x221A, math},
    {"swarrow", 0x2199, math}, {"tau", 0x03C4, math}, {"textTstroke", 0x0166, read},
    {"textacutedbl", 0x02DD, text}, {"textasciiacute", 0x00B4, text}, {"textasciibreve", 0x02D8, text},
    {"textasciicaron", 0x02C7, text}, {"textasciicircum", 0x005E, text},
    {"textasciidieresis", 0x00A8, text}, {"textasciimacron", 0x00AF, text},
    {"textasciitilde", 0x007E, text}, {"textasteriskcentered", 0x002A, read},
    {"textbackslash", 0x005C, text}, {"textbaht", 0x0E3F, text}, {"textbar", 0x007C, text},
    {"textbardbl", 0x2016, text}, {"textbigcircle", 0x25EF, text}, {"textblank", 0x2422, text},
    {"textbraceleft", 0x007B, text}, {"textbraceright", 0x007D, text}, {"textbrokenbar", 0x00A6, text},
    {"textbullet", 0x2022, text}, {"textcelsius", 0x2103, text}, {"textcent", 0x00A2, text},
    {"textcircledP", 0x2117, text}, {"textcolonmonetary", 0x20A1, text}, {"textcopyright", 0x00A9, text},
    {"textcrh", 0x0127, read}, {"textcurrency", 0x00A4, text}, {"textdagger", 0x2020, text},
    {"textdaggerdbl", 0x2021, text}, {"textdegree", 0x00B0, text}, {"textdiscount", 0x2052, text},
    {"textdiv", 0x00F7, text}, {"textdollar", 0x0024, text}, {"textdong", 0x20AB, text},
    {"textdownarrow", 0x2193, read}, {"textellipsis", 0x2026, text}, {"textemdash", 0x2014, read},
    {"textendash", 0x2013, read}, {"textestimated", 0x212E, text}, {"texteuro", 0x20AC, text},
    {"textexclamdown", 0x00A1, text}, {"textflorin", 0x0192, text}, {"textfractionsolidus", 0x2044, text},
    {"textgreater", 0x003E, text}, {"textinterrobang", 0x203D, text}, {"textkra", 0x0138, read},
    {"textlangle", 0x2329, text}, {"textleftarrow", 0x2190, read}, {"textless", 0x003C, text},
    {"textlira", 0x20A4, text}, {"textlnot", 0x00AC, text}, {"textmho", 0x2127, text},
    {"textminus", 0x2212, text}, {"textmu", 0x00B5, text}, {"textmusicalnote", 0x266A, text},
    {"textnaira", 0x20A6, text}, {"textnumero", 0x2116, text}, {"textohm", 0x2126, text},
    {"textonehalf", 0x00BD, text}, {"textonequarter", 0x00BC, text}, {"textonesuperior", 0x00B9, text},
    {"textopenbullet", 0x25E6, text}, {"textordfeminine", 0x00AA, text}, {"textordmasculine", 0x00BA, text},
    {"textparagraph", 0x00B6, text}, {"textperiodcentered", 0x00B7, text},
    {"textpertenthousand", 0x2031, text}, {"textperthousand", 0x2030, text}, {"textpeso", 0x20B1, text},
    {"textphi", 0x0278, read}, {"textpm", 0x00B1, text}, {"textquestiondown", 0x00BF, text},
    {"textquotedbl", 0x0022, text}, {"textquotedblleft", 0x201C, read}, {"textquotedblright", 0x201D, read},
    {"textquoteleft", 0x2018, text}, {"textquoteright", 0x2019, read}, {"textquotesingle", 0x0027, read},
    {"textrangle", 0x232A, text}, {"textrecipe", 0x211E, text}, {"textreferencemark", 0x203B, text},
    {"textregistered", 0x00AE, text}, {"textrightarrow", 0x2192, read}, {"textsection", 0x00A7, text},
    {"textservicemark", 0x2120, text}, {"textsterling", 0x00A3, text}, {"textthreequarters", 0x00BE, text},
    {"textthreesuperior", 0x00B3, text}, {"texttimes", 0x00D7, text}, {"texttrademark", 0x2122, text},
    {"texttstroke", 0x0167, read}, {"texttwosuperior", 0x00B2, text}, {"textunderscore", 0x005F, text},
    {"textuparrow", 0x2191, read}, {"textvisiblespace", 0x2423, text}, {"textwon", 0x20A9, text},
    {"textyen", 0x00A5, text}, {"th", 0x00FE, text}, {"therefore", 0x2234, math}, {"theta", 0x03B8, math},
    {"times", 0x00D7, read}, {"to", 0x2192, read}, {"top", 0x22A4, math}, {"triangledown", 0x25BF, math},
    {"triangleleft", 0x25C1, math}, {"trianglelefteq", 0x22B4, math}, {"triangleq", 0x225C, math},
    {"triangleright", 0x25B7, math}, {"trianglerighteq", 0x22B5, math}, {"twoheadleftarrow", 0x219E, math},
    {"twoheadrightarrow", 0x21A0, math}, {"underbrace", 0x23DF, math}, {"uparrow", 0x2191, math},
    {"updownarrow", 0x2195, math}, {"upharpoonleft", 0x21BF, math}, {"upharpoonright", 0x21BE, math},
    {"uplus", 0x228E, math}, {"upsilon", 0x03C5, math}, {"upuparrows", 0x21C8, math},
    {"vDash", 0x22A8, math}, {"varepsilon", 0x03B5, math}, {"varkappa", 0x03F0, math},
    {"varnothing", 0x2205, math}, {"varphi", 0x03C6, math}, {"varpi", 0x03D6, math},
    {"varrho", 0x03F1, math}, {"varsigma", 0x03C2, math}, {"vartheta", 0x03D1, math},
    {"vartriangle", 0x25B5, math}, {"vartriangleleft", 0x22B2, math}, {"vartriangleright", 0x22B3, math},
    {"vdash", 0x22A2, math}, {"vdots", 0x22EE, math}, {"vee", 0x2228, math}, {"veebar", 0x22BB, math},
    {"wedge", 0x2227, math}, {"wp", 0x2118, math}, {"wr", 0x2240, math}, {"xi", 0x03BE, math},
    {"zeta", 0x03B6, math},
};
// clang-format on

constexpr bool by_name(const LatexSymbol& a, const LatexSymbol& b) { return a.name < b.name; }
static_assert(std::is_sorted(std::begin(symbols), std::end(symbols), by_name));

constexpr bool is_written(const LatexSymbol& symbol) { return symbol.use == text || symbol.use == math; }

constexpr auto writers = [] {
  std::array<LatexSymbol, std::size(symbols)> sorted{};
  std::copy(std::begin(symbols), std::end(symbols), sorted.begin());
  std::sort(sorted.begin(), sorted.end(), [](const LatexSymbol& a, const LatexSymbol& b) {
    return is_written(a) != is_written(b) ? is_written(a) : a.code < b.code;
  });
  return sorted;
}();
constexpr std::size_t writers_count =
    static_cast<std::size_t>(std::count_if(std::begin(symbols), std::end(symbols), is_written));

// source2e, section on text encodings; the last ones are tipa's and T5's and only read.
constexpr LatexAccent accents[] = {
    {"`", 0x0300, 0x60, true, true},
    {"'", 0x0301, 0xB4, true, true},
    {"^", 0x0302, 0x5E, true, true},
    {"~", 0x0303, 0x7E, true, true},
    {"=", 0x0304, 0xAF, true, true},
    {"u", 0x0306, 0x0306, true, true},
    {".", 0x0307, 0x02D9, true, true},
    {"\"", 0x0308, 0xA8, true, true},
    {"r", 0x030A, 0x030A, true, true},
    {"H", 0x030B, 0x030B, true, true},
    {"v", 0x030C, 0x030C, true, true},
    {"d", 0x0323, 0x0323, true, false},
    {"textcommabelow", 0x0326, 0x0326, true, false},
    {"c", 0x0327, 0x0327, true, false},
    {"k", 0x0328, 0x0328, true, false},
    {"b", 0x0331, 0x0331, true, false},
    {"t", 0x0361, 0x0361, true, true},
    {"h", 0x0309, 0x0309, false, true},
    {"G", 0x030F, 0x030F, false, true},
    {"U", 0x030E, 0x030E, false, true},
    {"textdoublegrave", 0x030F, 0x030F, false, true},
    {"textroundcap", 0x0311, 0x0311, false, true},
    {"textinvbreve", 0x0311, 0x0311, false, true},
    {"newtie", 0x0311, 0x0311, false, true},
    {"textsubumlaut", 0x0324, 0x0324, false, false},
    {"textsubring", 0x0325, 0x0325, false, false},
    {"textsubcircum", 0x032D, 0x032D, false, false},
    {"textsubbreve", 0x032E, 0x032E, false, false},
    {"textsubtilde", 0x0330, 0x0330, false, false},
    {"textsubbar", 0x0331, 0x0331, false, false},
    {"textogonekcentered", 0x0328, 0x0328, false, false},
};

// "Log-like" functions (L. Lamport, LaTeX, table 3.9), and amsmath's forms of "mod".
constexpr std::array<std::string_view, 35> operator_names = {
    "Pr",  "arccos", "arcsin", "arctan", "arg",  "bmod", "cos", "cosh", "cot", "coth",   "csc",    "deg",
    "det", "dim",    "exp",    "gcd",    "hom",  "inf",  "ker", "lg",   "lim", "liminf", "limsup", "ln",
    "log", "max",    "min",    "mod",    "pmod", "sec",  "sin", "sinh", "sup", "tan",    "tanh"};

// The sorting idioms are those of btxdoc.tex (\noopsort in xampl.bib), spelt in several ways; lower case.
constexpr std::array<std::string_view, 9> silent_argument_names = {
    "color",          "foreignlanguage", "href",      "noop",  "noopsort",
    "selectlanguage", "sortnoop",        "textcolor", "vspace"};

constexpr std::array<std::string_view, 5> fraction_names = {"cfrac", "dfrac", "frac", "nicefrac", "tfrac"};

}  // namespace

bool is_operator_name(std::string_view name) {
  return std::find(operator_names.begin(), operator_names.end(), name) != operator_names.end();
}

bool has_silent_argument(std::string_view name) {
  return std::any_of(silent_argument_names.begin(), silent_argument_names.end(),
                     [&](std::string_view one) { return equal_ignoring_case(one, name); });
}

bool is_fraction(std::string_view name) {
  return std::find(fraction_names.begin(), fraction_names.end(), name) != fraction_names.end();
}

const LatexSymbol* find_latex_symbol(std::string_view name) {
  const auto found = std::lower_bound(std::begin(symbols), std::end(symbols), name,
                                      [](const LatexSymbol& s, std::string_view n) { return s.name < n; });
  return found != std::end(symbols) && found->name == name ? &*found : nullptr;
}

const LatexSymbol* find_latex_writer(char32_t code) {
  const auto end = writers.begin() + writers_count;
  const auto found = std::lower_bound(writers.begin(), end, code,
                                      [](const LatexSymbol& s, char32_t c) { return s.code < c; });
  return found != end && found->code == code ? &*found : nullptr;
}

const LatexAccent* find_latex_accent(std::string_view name) {
  for (const LatexAccent& accent : accents) {
    if (accent.name == name) return &accent;
  }
  return nullptr;
}

const LatexAccent* find_latex_accent(char32_t mark) {
  for (const LatexAccent& accent : accents) {
    if (accent.mark == mark && accent.written) return &accent;
  }
  return nullptr;
}

}  // namespace bibsmith::bibtex
