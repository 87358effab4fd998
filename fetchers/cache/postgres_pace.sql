-- The pace of a group towards each source. Who has the advisory lock of a source may write its row and send requests.
CREATE TABLE bibsmith.pace (
  source        text        PRIMARY KEY,  -- as the file NAME.rate of a machine: 'arxiv', 'crossref'
  last_start    timestamptz,              -- of the last request
  cool_down_end timestamptz NOT NULL,
  refusals      integer     NOT NULL      -- in a row
);

GRANT SELECT, INSERT, UPDATE ON bibsmith.pace TO PUBLIC;
