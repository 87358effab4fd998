-- The local index of records. docs/index.md explains it for those who read it without Bibsmith.
-- application_id 0x62696269 ("bibi"), user_version 1.

-- One work. The row is narrow: hundreds of them are read for one title with typos.
CREATE TABLE works (
  id    INTEGER PRIMARY KEY,
  title TEXT NOT NULL            -- its words in lower case without TeX, accents and punctuation
) STRICT;

-- All that its source said of it, packed (fetchers/index/packed_record.hpp).
CREATE TABLE records (
  id   INTEGER PRIMARY KEY,      -- of the work
  body BLOB NOT NULL
) STRICT;

-- What the work is called: 'arxiv:1706.03762', 'doi:10.1103/…', or 'work:SOURCE:…' for one without identifier.
CREATE TABLE names (
  name TEXT    NOT NULL,
  work INTEGER NOT NULL,
  PRIMARY KEY (name, work)
) STRICT, WITHOUT ROWID;

-- 64-bit fingerprints of the title without its spaces, and of the beginning of the abstract.
CREATE TABLE fingerprints (
  fingerprint INTEGER NOT NULL,
  work        INTEGER NOT NULL,
  PRIMARY KEY (fingerprint, work)
) STRICT, WITHOUT ROWID;

-- In which works a word stands: 't:attention' in the title, 'a:vaswani' in the family name of an author.
-- Ascending ids as differences in base 128, least digits first, with the high bit on all bytes but the last.
CREATE TABLE postings (
  term  TEXT    NOT NULL,
  first INTEGER NOT NULL,        -- the first id of this part of the list
  last  INTEGER NOT NULL,
  count INTEGER NOT NULL,
  ids   BLOB    NOT NULL,        -- the first difference is to 0
  PRIMARY KEY (term, first)
) STRICT, WITHOUT ROWID;

-- How far an import, a harvest, or the reading of the cache has come.
CREATE TABLE marks (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
