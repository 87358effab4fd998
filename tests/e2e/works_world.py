"""Crossref, DataCite, DBLP, OpenAlex and arXiv on 127.0.0.1, out of one list of records.

A record is what a benchmark or a test has: {"type", "title", "authors", "year", "venue", "doi", "arxiv", "sources"}.
`sources` tells which of them has it. Lists of DOIs, searches by title and look-ups of one work are answered as the
sources do; `simple` is a world that knows look-ups and searches alone. Every request is counted.
"""
import bisect
import http.server
import json
import re
import threading
import unicodedata
import urllib.parse
from xml.sax.saxutils import escape

SOURCES = ("crossref", "datacite", "dblp", "openalex", "arxiv")
# Indexes of works that Crossref registers.
OF_CROSSREF = ("crossref", "biorxiv", "pubmed")


def words(text):
    """The words of a title as the sources' indexes have them: lower case, without accents."""
    plain = unicodedata.normalize("NFKD", re.sub(r"<[^>]*>", "", text)).lower()
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "").replace("\u2019", "")
    return re.findall(r"\w+", plain)


class Index:
    """Records by their words and by their DOI."""

    def __init__(self, records):
        self.records = records
        self.by_word = {}
        self.by_any_word = {}  # of the title and of the authors
        self.by_doi = {}
        for number, record in enumerate(records):
            for word in set(words(record["title"])):
                self.by_word.setdefault(word, set()).add(number)
            for word in set(words(record["title"] + " " + " ".join(record.get("authors", [])))):
                self.by_any_word.setdefault(word, set()).add(number)
            if record.get("doi"):
                self.by_doi.setdefault(record["doi"].lower(), record)
        self.all_words = sorted(self.by_any_word)

    def with_all(self, query):
        """Each word of the query, or one of its alternatives ("a|b"), begins a word of title or authors."""
        found = None
        for group in query.split():
            numbers = set()
            for one in group.split("|"):
                parts = [self.beginning_with(part) for part in words(one)]
                numbers |= set.intersection(*parts) if parts else set()
            found = numbers if found is None else found & numbers
        return [self.records[number] for number in sorted(found or ())]

    def beginning_with(self, one):
        begin = bisect.bisect_left(self.all_words, one)
        numbers = set()
        while begin < len(self.all_words) and self.all_words[begin].startswith(one):
            numbers |= self.by_any_word[self.all_words[begin]]
            begin += 1
        return numbers

    def with_phrase(self, phrase):
        sets = [self.by_word.get(word, set()) for word in set(phrase)]
        numbers = set.intersection(*sets) if sets else set()
        text = " ".join(phrase)
        return [self.records[n] for n in sorted(numbers) if text in " ".join(words(self.records[n]["title"]))]

    def ranked(self, query, rows):
        score = {}
        for word in set(query):
            for number in self.by_word.get(word, ()):
                score[number] = score.get(number, 0) + 1
        best = sorted(score, key=lambda n: (-score[n] / (len(set(query)) + len(set(words(self.records[n]["title"])))), n))
        return [self.records[n] for n in best[:rows]]


def crossref_work(record):
    kinds = {"inproceedings": "proceedings-article", "article": "journal-article", "book": "book"}
    if "biorxiv" in record.get("sources", ()):
        kinds = {"article": "posted-content"}
    work = {"DOI": record.get("doi"), "type": kinds.get(record.get("type"), "other"), "title": [record["title"]]}
    if record.get("authors"):
        work["author"] = [crossref_name(name) for name in record["authors"]]
    if record.get("year"):
        work["issued"] = {"date-parts": [[record["year"]]]}
    if record.get("venue"):
        work["container-title"] = [record["venue"]]
    return {name: value for name, value in work.items() if value}


def crossref_name(name):
    if "," in name:
        family, given = name.split(",", 1)
        return {"family": family.strip(), "given": given.strip()}
    given, _, family = name.rpartition(" ")
    return {"given": given, "family": family} if given else {"name": name}


def datacite_work(record):
    attributes = {"doi": record["doi"].lower(), "state": "findable",
                  "titles": [{"title": record["title"]}] if record.get("title") else [],
                  "creators": [{"name": name, "nameType": "Personal"} for name in record.get("authors", [])]}
    if record.get("year"):
        attributes["publicationYear"] = record["year"]
    return {"id": attributes["doi"], "type": "dois", "attributes": attributes}


def openalex_work(record):
    work = {"id": "https://openalex.org/W" + str(record.get("id", "0")), "title": record["title"],
            "display_name": record["title"], "type": "article", "publication_year": record.get("year"),
            "authorships": [{"author": {"display_name": name}} for name in record.get("authors", [])]}
    if record.get("doi"):
        work["doi"] = "https://doi.org/" + record["doi"].lower()
    if record.get("venue"):
        work["primary_location"] = {"source": {"display_name": record["venue"], "type": "journal"}}
    return work


def dblp_hit(number, record):
    info = "<authors>" + "".join(f"<author>{escape(name)}</author>" for name in record.get("authors", [])) + "</authors>"
    title = record["title"] if record["title"].endswith(".") else record["title"] + "."
    info += f"<title>{escape(title)}</title>"
    if record.get("venue"):
        info += f"<venue>{escape(record['venue'])}</venue>"
    if record.get("year"):
        info += f"<year>{record['year']}</year>"
    kind = "Journal Articles" if record.get("type") == "article" else "Conference and Workshop Papers"
    info += f"<type>{kind}</type>"
    if record.get("dblp"):
        info += f"<key>{escape(record['dblp'])}</key>"
    if record.get("doi"):
        info += f"<doi>{escape(record['doi'])}</doi><ee>https://doi.org/{escape(record['doi'])}</ee>"
    return f'<hit score="1" id="{number}"><info>{info}</info></hit>'


def atom_entry(record):
    year = record.get("year", 2000)
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in record.get("authors", []))
    return (f"<entry><id>http://arxiv.org/abs/{record['arxiv']}v1</id><title>{escape(record['title'])}</title>"
            f"<updated>{year}-01-02T00:00:00Z</updated><published>{year}-01-02T00:00:00Z</published>{authors}</entry>")


class WorksWorld:
    """The server, from start() to stop(). `registry`: {"doi", "title", "ra"} of DOIs that resolve, with or without a
    record."""

    def __init__(self, records, registry=(), simple=False, broken=()):
        self.simple = simple
        self.broken = set(broken)  # sources that answer 503
        self.requests = {source: 0 for source in SOURCES}
        self.log = []
        self.lock = threading.Lock()

        def having(*names):
            return Index([r for r in records if any(name in r.get("sources", ()) for name in names)])

        self.crossref = having(*OF_CROSSREF)
        self.dblp = having("dblp")
        self.openalex = having("openalex")
        self.datacite = having("datacite")
        self.arxiv = Index([r for r in records if "arxiv" in r.get("sources", ()) and r.get("arxiv")])
        self.papers = {re.sub(r"v\d+$", "", r["arxiv"]): r for r in self.arxiv.records}
        self.registry = {}
        for row in registry:
            self.registry.setdefault(row["ra"], {})[row["doi"].lower()] = row

    def start(self):
        world = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, kind, body = world.answer(self.path)
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def environment(self):
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        return {"BIBSMITH_ARXIV_URL": base + "/arxiv/query", "BIBSMITH_CROSSREF_URL": base + "/crossref",
                "BIBSMITH_DATACITE_URL": base + "/datacite", "BIBSMITH_DBLP_URL": base + "/dblp",
                "BIBSMITH_OPENALEX_URL": base + "/openalex", "BIBSMITH_ARXIV_INTERVAL_MS": "1"}

    def total(self):
        return sum(self.requests.values())

    def answer(self, target):
        url = urllib.parse.urlsplit(target)
        path = urllib.parse.unquote(url.path)
        form = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        source, _, rest = path.lstrip("/").partition("/")
        if source not in SOURCES:
            return 404, "text/plain", "no such source"
        with self.lock:
            self.requests[source] += 1
            self.log.append(target)
        if source in self.broken:
            return 503, "text/plain", "out of order"
        return getattr(self, "answer_" + source)("/" + rest, form)

    def registered(self, agency, doi):
        """What the agency says of a DOI that no record describes; None: there is none."""
        return self.registry.get(agency, {}).get(doi.lower())

    def crossref_by_doi(self, doi):
        record = self.crossref.by_doi.get(doi.lower())
        if record:
            return crossref_work(record)
        row = self.registered("Crossref", doi)
        return row and {"DOI": row["doi"], **({"title": [row["title"]]} if row["title"] else {})}

    def answer_crossref(self, path, form):
        if path.startswith("/works/"):
            work = self.crossref_by_doi(path[len("/works/"):])
            return json_answer({"status": "ok", "message-type": "work", "message": work}) if work else not_found()
        rows = int(form.get("rows", "20"))
        if "query.bibliographic" in form:
            works = [crossref_work(r) for r in self.crossref.ranked(words(form["query.bibliographic"]), rows)]
        elif "filter" in form and not self.simple:
            dois = [one[4:] for one in form["filter"].split(",") if one.startswith("doi:")]
            works = [work for work in map(self.crossref_by_doi, dois) if work][:rows]
        else:
            return not_found()
        return json_answer({"status": "ok", "message-type": "work-list", "message": {"items": works}})

    def datacite_by_doi(self, doi):
        record = self.datacite.by_doi.get(doi.lower())
        if record:
            return datacite_work(record)
        row = self.registered("DataCite", doi)
        return row and datacite_work(row)

    def answer_datacite(self, path, form):
        if path.startswith("/dois/"):
            work = self.datacite_by_doi(path[len("/dois/"):])
            return json_answer({"data": work}) if work else not_found()
        if "query" not in form or self.simple:
            return not_found()
        works = [work for work in map(self.datacite_by_doi, re.findall(r'"([^"]+)"', form["query"])) if work]
        return json_answer({"data": works})

    def answer_openalex(self, path, form):
        if path.startswith("/works/"):
            doi = re.sub(r"^(doi:|https://doi.org/)", "", path[len("/works/"):])
            record = self.openalex.by_doi.get(doi.lower())
            return json_answer(openalex_work(record)) if record else not_found()
        rows = int(form.get("per-page", "25"))
        if "search" in form:
            query = set(words(form["search"]))
            found = [r for r in self.openalex.ranked(query, rows) if query <= set(words(r["title"]))]
        elif form.get("filter", "").startswith("doi:") and not self.simple:
            found = [self.openalex.by_doi[d] for d in form["filter"][4:].lower().split("|") if d in self.openalex.by_doi]
        else:
            return not_found()
        return json_answer({"results": [openalex_work(r) for r in found]})

    def answer_dblp(self, path, form):
        if path != "/search/publ/api" or form.get("format") != "xml":
            return not_found()
        found = self.dblp.with_all(form.get("q", ""))[:int(form.get("h", "30"))]
        hits = "".join(dblp_hit(number, record) for number, record in enumerate(found, 1))
        return 200, "text/xml", ('<?xml version="1.0"?><result><status code="200">OK</status>'
                                 f'<hits total="{len(found)}">{hits}</hits></result>')

    def answer_arxiv(self, _, form):
        if form.get("id_list"):
            ids = [re.sub(r"v\d+$", "", one) for one in form["id_list"].split(",")]
            found = [self.papers[one] for one in ids if one in self.papers]
        else:
            found = []
            for phrase in re.findall(r'ti:"?([^"]+?)"?(?: OR |$)', form.get("search_query", "")):
                found += [r for r in self.arxiv.with_phrase(words(phrase)) if r not in found]
        entries = "".join(map(atom_entry, found))
        return 200, "application/atom+xml", (
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">'
            f"<opensearch:totalResults>{len(found)}</opensearch:totalResults>{entries}</feed>")


def json_answer(value):
    return 200, "application/json", json.dumps(value)


def not_found():
    return 404, "text/plain", "Resource not found."
