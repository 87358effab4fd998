-- What Bibsmith changed in the user's files. docs/undo.md explains it.
-- application_id 0x62696268 ("bibh"), user_version 3.

-- One change of one file.
CREATE TABLE changes (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  work        INTEGER NOT NULL,   -- the number of the first file's change of the same command
  file        TEXT    NOT NULL,   -- absolute, links resolved
  time        INTEGER NOT NULL,   -- seconds since 1970, UTC
  command     TEXT    NOT NULL,   -- 'add', 'update', 'format', 'keys', 'undo', …
  done        INTEGER NOT NULL,   -- 0: about to be renamed into place, or killed there; 1: in place
  size_before INTEGER NOT NULL,
  hash_before TEXT    NOT NULL,   -- 16 hexadecimal digits
  size_after  INTEGER NOT NULL,
  hash_after  TEXT    NOT NULL,
  has_spans   INTEGER NOT NULL,   -- 0: there was too much text to keep
  undoes      INTEGER,            -- the number of the change that this one took back
  undone_by   INTEGER             -- the number of the change that took this one back
) STRICT;

CREATE INDEX changes_of_file ON changes (file, number);

-- The stretches of text that a change replaced, one behind the other in the order of the file. Each is packed (a
-- number in groups of seven bits, the lowest first, the high bit set in all bytes but the last; a text as its size
-- and its bytes): the offset of the new text in the new file, in bytes; the citation key after the change, '' in no
-- entry; the key before it, if it was another one; the field, '' for the entry as a whole; the reason; the source
-- as in the cache ('arxiv-atom'), '' if nobody was asked; the old text; the new text; what stood before it in the
-- new file, up to 64 bytes; and behind it.
CREATE TABLE spans (
  change     INTEGER PRIMARY KEY,
  packed     BLOB NOT NULL,
  compressed INTEGER NOT NULL DEFAULT 0  -- 1: what is packed stands in frames of Zstandard (RFC 8878), one behind the other
) STRICT;

-- What Bibsmith wrote as values of fields: citation key, field in lower case, and the value in the form of
-- comparable_value(), packed likewise. Of the changes that are in place and not undone the highest counts; one that
-- is not in the table any more is in place.
CREATE TABLE written (
  change     INTEGER PRIMARY KEY,
  file       TEXT NOT NULL,
  packed     BLOB NOT NULL,
  compressed INTEGER NOT NULL DEFAULT 0  -- likewise
) STRICT;

CREATE INDEX written_of_file ON written (file, change);
