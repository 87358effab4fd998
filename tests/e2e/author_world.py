"""A world for the tests of authors: a person's papers among five hundred by others, some of the same name.

Everything follows from a seed; whose papers are whose is known here and nowhere else.
"""
import random

FIRST = ("Ada Bruno Chen Dara Elif Femi Goran Hana Ines Jonas Kofi Lena Milan Nora Omar Petra Quentin Rosa "
         "Sana Tomas Uma Vera Wen Xenia Yusuf Zoe").split()
LAST = ("Abel Brandt Castro Dimov Eriksen Fontana Grau Hoang Ito Janda Keller Lindqvist Moreau Novak Okafor "
        "Pereira Quiroga Rossi Sato Tanaka Ueda Vidal Weiss Xu Yilmaz Zeman").split()
TOPICS = {
    "cs.LG": "gradient descent neural networks convergence loss landscape generalization overparameterized kernel",
    "cs.CL": "translation language models decoding corpus tokens parsing dialogue",
    "cs.HC": "trust automation drivers interface attention workload operators",
    "cs.CV": "segmentation detection images video pose recognition scenes",
    "astro-ph.GA": "galaxies quasars spectroscopy redshift survey halos metallicity",
    "hep-ex": "collisions detector cross section boson decay luminosity search",
    "math.AG": "moduli sheaves varieties cohomology bundles curves singularities",
    "q-bio.NC": "neurons spikes cortex synapses memory oscillations",
}


def words_of(rng, category, count):
    return rng.choices(TOPICS[category].split(), k=count)


# Those with whom the person writes, but for their middle initials.
CIRCLE = list(zip(FIRST, reversed(LAST)))


def people(rng, count):
    """Names of people; none of them is a Lee, or of the person's circle."""
    return [f"{first} {last}" for first, last in
            rng.sample([(first, last) for first in FIRST for last in LAST if (first, last) not in CIRCLE], count)]


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.number = 0

    def paper(self, authors, categories, year, **members):
        rng = self.rng
        self.number += 1
        month = rng.randint(1, 12)
        words = words_of(rng, categories[0] if categories[0] in TOPICS else "cs.LG", 6)
        members.setdefault("title", f"{' '.join(words[:3]).capitalize()} and {' '.join(words[3:])}, part {self.number}")
        versions = [{"version": f"v{number}", "created": f"{year}-{month:02d}-{10 + number:02d} 12:00:00"}
                    for number in range(1, rng.randint(1, 3) + 1)]
        old_style = (year, month) < (2007, 4)
        base = f"{year % 100:02d}{month:02d}"
        archive = categories[0].split(".")[0]
        identifier = f"{archive}/{base}{self.number % 1000:03d}" if old_style else (
            f"{base}.{self.number:04d}" if year < 2015 else f"{base}.{self.number:05d}")
        pages = rng.choice([0, 8, 9, 12, 31])
        members.setdefault("comments", f"{pages} pages" if pages else None)
        members.setdefault("abstract", "We study " + " ".join(words_of(rng, categories[0] if categories[0] in TOPICS else "cs.LG", 40)) + ".")
        return {"id": identifier, "authors": ", ".join(authors), "categories": list(categories),
                "versions": versions, **members}


def group(maker, name, count, circle, fields, years):
    """Papers of one person, each with one to three of their circle, in a random place among them."""
    out = []
    for _ in range(count):
        authors = maker.rng.sample(circle, maker.rng.randint(1, 3))
        authors.insert(maker.rng.randint(0, len(authors)), maker.rng.choice(name) if isinstance(name, list) else name)
        out.append(maker.paper(authors, maker.rng.choice(fields), maker.rng.randint(*years)))
    return out


LEARNING = [["cs.LG"], ["cs.LG", "stat.ML"], ["stat.ML", "cs.LG"], ["math.OC", "cs.LG"], ["math.ST"]]


def namesakes(maker, circles):
    """Papers by others whom a search for Jason D. Lee finds."""
    return (group(maker, "Jason D. Lee", 14, circles[0], [["astro-ph.GA"]], (1999, 2006)) +
            group(maker, ["J. D. Lee", "Jason Lee"], 30, circles[1], [["hep-ex"], ["hep-ex", "nucl-ex"]], (2005, 2020)) +
            group(maker, "Jason Lee", 16, circles[2], [["cs.CL"], ["cs.CL", "cs.LG"]], (2016, 2023)) +
            group(maker, "Jason D. Lee", 6, circles[3], [["math.AG"]], (2010, 2016)) +
            group(maker, "J. D. Lee", 9, circles[4], [["cs.HC"]], (2003, 2024)) +
            [maker.paper(["Jason D. Lee"], ["q-bio.NC"], 2004)])


def others(maker, count):
    """Papers by nobody of that name, many by people with similar ones."""
    names = people(maker.rng, 120) + ["Jason B. Lee", "John D. Lee", "Jung D. Lee", "Kangwook Lee", "Jason Leeds",
                                      "Dana Jason, Robert Lee"]
    return [maker.paper(maker.rng.sample(names, maker.rng.randint(1, 4)),
                        maker.rng.choice(LEARNING + [[field] for field in TOPICS]), maker.rng.randint(1998, 2025))
            for _ in range(count)]


def world(seed=1, theirs=None):
    """(papers of Jason D. Lee, everybody's papers, mixed). `theirs`: rows of facts to use as the person's."""
    maker = Maker(seed)
    rng = maker.rng
    circles = [people(rng, 12) for _ in range(5)]
    circle = [f"{first} Q. {last}" for first, last in CIRCLE]
    if theirs is None:
        theirs = group(maker, "Jason D. Lee", 34, circle, LEARNING, (2012, 2025))
        theirs += group(maker, "Jason Lee", 3, circle[:6], LEARNING, (2012, 2014))
        theirs += group(maker, "J. D. Lee", 2, circle[:6], LEARNING, (2013, 2015))
        theirs += [maker.paper(["Jason D. Lee"], ["cs.LG"], 2019),
                   maker.paper(["Jason D. Lee", "Ola Unseen"], ["math.ST"], 2017, journal_ref="Ann. Statist. 45 (2017) 1-30"),
                   maker.paper([circle[0], "Jason D. Lee"], ["cs.LG", "stat.ML"], 2020, doi="10.1000/example.1",
                               comments="12 pages, accepted at ICML 2020")]
    else:
        theirs = [maker.paper(row["authors"], [row["primary"]], row["year"], title=row["title"]) | {"id": row["arxiv_id"]}
                  for row in theirs]
    rest = namesakes(maker, circles)
    everybody = theirs + rest + others(maker, 500 - len(rest))
    rng.shuffle(everybody)
    return theirs, everybody
