"""Whether titles and family names of records stand in the text of a PDF.

Both sides are reduced to small ASCII letters and digits: so ligatures, accents, hyphens at the ends of lines and
what a style does to case do not count. Math and commands are left out: they cut a title into pieces, each of
which has to be there.
"""
import html
import re
import subprocess
import unicodedata

CUT = "\x00"
LETTERS = {"ss": "ss", "o": "o", "O": "o", "l": "l", "L": "l", "ae": "ae", "AE": "ae", "oe": "oe", "OE": "oe",
           "aa": "a", "AA": "a", "i": "i", "j": "j", "dh": "d", "dj": "d", "DJ": "d", "th": "th", "TH": "th",
           "ng": "n"}
FOLDED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l",
                        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "ȷ": "j",
                        "ŋ": "n"})
FONTS = (r"\\(text(bf|it|sl|sc|rm|sf|tt|up|md|normal)|emph|mbox|hbox|underline|it|bf|rm|sf|tt|sc|sl|em|cal"
         r"|itshape|bfseries|scshape|rmfamily|ttfamily|sffamily|slshape)(?![A-Za-z])")
PIECE_MIN = 4  # what is shorter stands in any text


def skeleton(text):
    text = unicodedata.normalize("NFKD", text.translate(FOLDED)).lower()
    return re.sub(r"[^a-z0-9]", "", text)


def pieces(tex):
    """The skeletons of what TeX prints as text, math and unknown commands left out."""
    text = html.unescape(tex)
    text = re.sub(r"</?[a-z]+>", CUT, text)
    text = re.sub(r"\\\\(?=[\"'`^~][A-Za-z{])", r"\\", text)
    text = re.sub(r"\\ensuremath\s*\{(?:[^{}]|\{[^{}]*\})*\}", CUT, text)
    text = re.sub(r"(?<!\\)\$\$?.*?(?<!\\)\$\$?|\\\(.*?\\\)", CUT, text)
    text = re.sub(r"\\[\"'`^~=.]\s*\{?\\?([A-Za-z])\}?", r"\1", text)
    text = re.sub(r"\\[uvHtcdbkr](?![A-Za-z])\s*\{?\\?([A-Za-z])\}?", r"\1", text)
    text = re.sub(r"\\([A-Za-z]+)(\{\}|\s*)", lambda m: LETTERS.get(m.group(1), m.group(0)), text)
    text = re.sub(FONTS, "", text)
    text = re.sub(r"\\[A-Za-z]+", CUT, text)
    text = re.sub(r"[_^](\{[^{}]*\}|[-+]?[0-9]+|\\?[A-Za-z]+|.)?", CUT, text)
    return [piece for piece in map(skeleton, text.split(CUT)) if len(piece) >= PIECE_MIN]


def families(author_field):
    """Family names and organisations of an `author` field of ours: "von Last, Jr, First and {Group}"."""
    depth, name, names = 0, "", []
    for part in re.split(r"(\s+and\s+|[{}])", author_field):
        depth += (part == "{") - (part == "}")
        if depth == 0 and part.strip() == "and":
            names.append(name)
            name = ""
        else:
            name += part
    names.append(name)
    for name in names:
        depth = 0
        for at, c in enumerate(name):
            depth += (c == "{") - (c == "}")
            if c == "," and depth == 0:
                name = name[:at]
                break
        if name != "others":
            yield name


def pdf_skeleton(pdf):
    answer = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True)
    return skeleton(answer.stdout.decode(errors="replace"))


def missing(titles, authors, pdf):
    """What of raw titles and `author` fields is not in the PDF, as lines."""
    text = pdf_skeleton(pdf)
    lines = []
    for title in titles:
        lines += [f"not printed: {piece!r} of the title {title!r}" for piece in pieces(title) if piece not in text]
    for field in authors:
        for family in families(field):
            # Word by word: some styles put particles behind the given name.
            lines += [f"not printed: {piece!r} of the name {family!r}"
                      for word in family.split() for piece in pieces(word) if piece not in text]
    return lines
