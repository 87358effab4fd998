"""Papers that are easily taken for others: made by a seed, as the emulator's records (JSON lines)."""
import json
import random

FILLER = ("gradient descent landscape curvature convergence estimator variance sampling policy reward bandit kernel "
          "spectrum tensor margin transport regression entropy sketching pruning coverage horizon").split()
SWAPPED = {"two": "three", "three": "two", "linear": "nonlinear", "offline": "online", "online": "offline",
           "provable": "practical", "optimal": "suboptimal", "shallow": "deep", "deep": "shallow", "sharp": "loose",
           "implicit": "explicit", "efficient": "inefficient", "neural": "kernel", "local": "global"}
GIVEN = ["Jason D.", "Jinho", "J. D.", "Jasmine D.", "Kaifeng", "Wei", "Tao", "Ann", "Bob"]
FAMILY = ["Lee", "Li", "Leeds", "Chen", "Wang", "Author", "Du"]


def abstract_of(words, rng):
    return " ".join(rng.choice(FILLER) for _ in range(words)).capitalize() + "."


def record(number, title, authors, abstract, year=2020):
    return {"id": f"{year % 100:02d}{1 + number // 9000:02d}.{1 + number % 9000:05d}", "title": title, "authors": authors,
            "categories": ["cs.LG"], "abstract": abstract,
            "versions": [{"version": "v1", "created": f"Mon, 6 Apr {year} 12:00:00 GMT"}]}


def resembling(title, rng):
    """Another title: a telling word swapped, left out or put in."""
    words = title.split(" ")
    swaps = [i for i, word in enumerate(words) if word.lower() in SWAPPED]
    if swaps and rng.random() < 0.6:
        at = rng.choice(swaps)
        words[at] = SWAPPED[words[at].lower()].capitalize()
    elif len(words) > 4 and rng.random() < 0.5:
        del words[rng.choice([i for i, word in enumerate(words) if word.lower() not in ("a", "an", "the")])]
    else:
        words.insert(rng.randrange(len(words)), rng.choice(FILLER).capitalize())
    return " ".join(words)


def others(titles, count, seed=7):
    """`count` records that resemble the titles; their authors are namesakes and others."""
    rng = random.Random(seed)
    out = []
    for number in range(count):
        title = resembling(rng.choice(titles), rng)
        if title in titles:
            title += " Revisited"
        authors = ", ".join(f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}" for _ in range(rng.randint(1, 4)))
        out.append(record(number, title, authors, abstract_of(60, rng), 2016 + rng.randrange(4)))
    return out


def write(path, records):
    with open(path, "w", encoding="utf-8") as file:
        for one in records:
            file.write(json.dumps(one) + "\n")
