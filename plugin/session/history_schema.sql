-- What Bibsmith changed in the user's files. docs/undo.md explains it.
-- application_id 0x62696268 ("bibh"), user_version 1.

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

-- One stretch of text that a change replaced.
CREATE TABLE spans (
  change   INTEGER NOT NULL,
  place    INTEGER NOT NULL,      -- from 0, in the order of the file
  offset   INTEGER NOT NULL,      -- of new_text in the new file, in bytes
  key      TEXT    NOT NULL,      -- citation key after the change; '': in no entry
  old_key  TEXT    NOT NULL,      -- before it, if it was another one
  field    TEXT    NOT NULL,      -- '': the entry as a whole
  reason   TEXT    NOT NULL,
  source   TEXT    NOT NULL,      -- as in the cache: 'arxiv-atom'; '': nobody was asked
  old_text BLOB    NOT NULL,
  new_text BLOB    NOT NULL,
  head     BLOB    NOT NULL,      -- what stood before it in the new file, up to 64 bytes
  tail     BLOB    NOT NULL,      -- and behind it
  PRIMARY KEY (change, place)
) STRICT, WITHOUT ROWID;

-- What Bibsmith wrote as the value of a field. The row of the highest change that is in place and not undone
-- counts; a change that is not in the table any more is in place.
CREATE TABLE written (
  file   TEXT    NOT NULL,
  key    TEXT    NOT NULL,
  field  TEXT    NOT NULL,
  change INTEGER NOT NULL,
  value  TEXT    NOT NULL,        -- in the form of comparable_value()
  PRIMARY KEY (file, key, field, change)
) STRICT, WITHOUT ROWID;
