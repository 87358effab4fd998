-- The cache of answers. docs/cache-format.md explains it for those who read it without Bibsmith.
-- application_id 0x62696273 ("bibs"), user_version 1.

-- One answer of one source about one paper, as received.
CREATE TABLE answers (
  source    TEXT    NOT NULL,            -- 'arxiv-atom', 'arxiv-oai', 'datacite', 'crossref', 'openalex', 'dblp'
  subject   TEXT    NOT NULL,            -- an arXiv id without version, a DOI in lower case, or the words of a search
  version   INTEGER NOT NULL DEFAULT 0,  -- of the paper, as the answer states it; 0: none
  current   INTEGER NOT NULL,            -- 1: this was the newest version when it was asked for
  retrieved INTEGER NOT NULL,            -- seconds since 1970, UTC
  url       TEXT    NOT NULL,            -- the request that was answered
  body      BLOB    NOT NULL,            -- raw bytes
  PRIMARY KEY (source, subject, version)
) STRICT;  -- with a rowid: rows of some KB would overflow in the tree of a table without

CREATE INDEX answers_by_age ON answers (retrieved);

-- What a source that knows said it does not have.
CREATE TABLE missing (
  source    TEXT    NOT NULL,
  subject   TEXT    NOT NULL,
  version   INTEGER NOT NULL DEFAULT 0,  -- 0: the paper; else that version
  retrieved INTEGER NOT NULL,
  PRIMARY KEY (source, subject, version)
) STRICT, WITHOUT ROWID;
