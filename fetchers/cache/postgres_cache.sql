-- The cache of answers in PostgreSQL: the tables of schema.sql, in a schema of their own. docs/stores.md explains them.
-- SQL that PostgreSQL, Citus, YugabyteDB and CockroachDB share.

-- One answer of one source about one paper, as received.
CREATE TABLE bibsmith.answers (
  source    text    NOT NULL,
  subject   text    NOT NULL,
  version   integer NOT NULL DEFAULT 0,
  current   boolean NOT NULL,
  retrieved bigint  NOT NULL,  -- seconds since 1970, UTC
  url       text    NOT NULL,
  body      bytea   NOT NULL,
  PRIMARY KEY (source, subject, version)
);

-- What a source that knows said it does not have.
CREATE TABLE bibsmith.missing (
  source    text    NOT NULL,
  subject   text    NOT NULL,
  version   integer NOT NULL DEFAULT 0,
  retrieved bigint  NOT NULL,
  PRIMARY KEY (source, subject, version)
);

-- Who may connect to the database is of the group: docs/stores.md tells how to keep others out.
GRANT SELECT, INSERT, UPDATE, DELETE ON bibsmith.answers, bibsmith.missing TO PUBLIC;
