-- What a file and a library last agreed on; docs/sync.md explains it. application_id 0x62696279 ("biby"), user_version 2.

CREATE TABLE bases (
  base    INTEGER PRIMARY KEY,
  file    TEXT NOT NULL,  -- its canonical path
  store   TEXT NOT NULL,  -- its address, without a password
  library TEXT NOT NULL,
  UNIQUE (file, store, library)
) STRICT;

CREATE TABLE base_entries (
  base     INTEGER NOT NULL REFERENCES bases ON DELETE CASCADE,
  number   INTEGER NOT NULL,  -- of the entry in the library
  file_key TEXT    NOT NULL,  -- its citation key in the file
  text     TEXT    NOT NULL,  -- the entry
  PRIMARY KEY (base, number)
) STRICT, WITHOUT ROWID;

-- What the file and the library would agree on if the changes arrived that were made since they did: a server that dies does
-- not say, and who is killed cannot.
CREATE TABLE sent_entries (
  base   INTEGER NOT NULL REFERENCES bases ON DELETE CASCADE,
  side   TEXT    NOT NULL CHECK (side IN ('library', 'file')),
  number INTEGER NOT NULL,  -- 0: new for the library
  text   TEXT    NOT NULL
) STRICT;

CREATE INDEX sent_entries_by_base ON sent_entries (base);
