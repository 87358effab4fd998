-- Libraries that several people share. People read what row security lets them read and change it through functions alone,
-- which look at their role and write the history: whoever is clever with SQL can do no more than bibsmith.

CREATE TABLE bibsmith.libraries (
  library  text   PRIMARY KEY CHECK (library <> '' AND length(library) <= 100),
  revision bigint NOT NULL DEFAULT 0,  -- of the last change
  numbered bigint NOT NULL DEFAULT 0   -- entries so far
);

CREATE TABLE bibsmith.members (
  library text NOT NULL REFERENCES bibsmith.libraries,
  person  text NOT NULL,  -- as the database calls its user
  role    text NOT NULL CHECK (role IN ('reader', 'writer', 'owner')),
  PRIMARY KEY (library, person)
);

CREATE TABLE bibsmith.entries (
  library    text    NOT NULL REFERENCES bibsmith.libraries,
  entry      bigint  NOT NULL,  -- its number in the library, for good
  revision   bigint  NOT NULL,  -- of its last change
  is_deleted boolean NOT NULL DEFAULT false,
  key        text    NOT NULL,  -- the citation key
  text       text    NOT NULL CHECK (octet_length(text) <= 1048576),  -- the entry, as docs/sync.md describes it
  PRIMARY KEY (library, entry)
);

CREATE UNIQUE INDEX entries_by_key ON bibsmith.entries (library, lower(key)) WHERE NOT is_deleted;

-- What every change made of what.
CREATE TABLE bibsmith.changes (
  library  text        NOT NULL REFERENCES bibsmith.libraries,
  revision bigint      NOT NULL,
  entry    bigint      NOT NULL,
  person   text        NOT NULL,
  made     timestamptz NOT NULL DEFAULT clock_timestamp(),
  old_text text,  -- null: there was none
  new_text text,  -- null: it was deleted
  PRIMARY KEY (library, revision, entry)
);

-- The role of who asks, which no SET ROLE changes; null: none.
CREATE FUNCTION bibsmith.role_in(asked text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $body$ SELECT m.role FROM bibsmith.members AS m WHERE m.library = asked AND m.person = session_user $body$;

-- The libraries in which who asks has a role; row security asks once for a statement, not for each row.
CREATE FUNCTION bibsmith.my_libraries() RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $body$ SELECT m.library FROM bibsmith.members AS m WHERE m.person = session_user $body$;

CREATE FUNCTION bibsmith.create_library(asked text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $body$
BEGIN
  INSERT INTO bibsmith.libraries (library) VALUES (asked);
  INSERT INTO bibsmith.members (library, person, role) VALUES (asked, session_user, 'owner');
END $body$;

-- A role of null takes the person out. The last owner stays.
CREATE FUNCTION bibsmith.set_role(asked text, who text, wanted text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $body$
BEGIN
  PERFORM 1 FROM bibsmith.libraries AS l WHERE l.library = asked FOR UPDATE;
  IF bibsmith.role_in(asked) IS DISTINCT FROM 'owner' THEN
    RAISE EXCEPTION 'only an owner gives roles' USING ERRCODE = '42501';
  END IF;
  IF wanted IS NULL THEN
    DELETE FROM bibsmith.members AS m WHERE m.library = asked AND m.person = who;
  ELSE
    INSERT INTO bibsmith.members (library, person, role) VALUES (asked, who, wanted)
      ON CONFLICT (library, person) DO UPDATE SET role = excluded.role;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM bibsmith.members AS m WHERE m.library = asked AND m.role = 'owner') THEN
    RAISE EXCEPTION 'a library keeps one owner at least' USING ERRCODE = '42501';
  END IF;
END $body$;

-- Changes entries, all or none; returns the revision. Number 0: a new one; text null: it goes. `seen` has the revision of each
-- entry that the change is made for: if it has another by now the whole is refused with BS001, to be merged anew. One
-- change of a library at a time: its row is locked first.
CREATE FUNCTION bibsmith.change_library(asked text, numbers bigint[], seen bigint[], keys text[], texts text[])
  RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $body$
DECLARE
  now_at bigint;
  last_number bigint;
  one record;
  old_text text;
BEGIN
  IF bibsmith.role_in(asked) IS NULL OR bibsmith.role_in(asked) NOT IN ('writer', 'owner') THEN
    RAISE EXCEPTION 'only writers and owners change the library' USING ERRCODE = '42501';
  END IF;
  UPDATE bibsmith.libraries AS l SET revision = l.revision + 1 WHERE l.library = asked
    RETURNING l.revision, l.numbered INTO now_at, last_number;
  -- Not by subscripts, which look for the n-th text from the first one on.
  FOR one IN SELECT * FROM unnest(numbers, seen, keys, texts) WITH ORDINALITY AS c (number, seen, key, text, place) ORDER BY place LOOP
    IF one.number = 0 THEN
      last_number := last_number + 1;
      INSERT INTO bibsmith.entries (library, entry, revision, key, text) VALUES (asked, last_number, now_at, one.key, one.text);
      INSERT INTO bibsmith.changes (library, revision, entry, person, new_text)
        VALUES (asked, now_at, last_number, session_user, one.text);
    ELSE
      SELECT e.text INTO old_text FROM bibsmith.entries AS e
        WHERE e.library = asked AND e.entry = one.number AND e.revision = one.seen AND NOT e.is_deleted;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % has changed', one.number USING ERRCODE = 'BS001';
      END IF;
      UPDATE bibsmith.entries AS e SET revision = now_at, is_deleted = one.text IS NULL,
        key = coalesce(one.key, e.key), text = coalesce(one.text, e.text)
        WHERE e.library = asked AND e.entry = one.number;
      INSERT INTO bibsmith.changes (library, revision, entry, person, old_text, new_text)
        VALUES (asked, now_at, one.number, session_user, old_text, one.text);
    END IF;
  END LOOP;
  UPDATE bibsmith.libraries AS l SET numbered = last_number WHERE l.library = asked AND l.numbered <> last_number;
  RETURN now_at;
END $body$;

ALTER TABLE bibsmith.libraries ENABLE ROW LEVEL SECURITY;
ALTER TABLE bibsmith.members ENABLE ROW LEVEL SECURITY;
ALTER TABLE bibsmith.entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE bibsmith.changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_members ON bibsmith.libraries FOR SELECT USING (library IN (SELECT bibsmith.my_libraries()));
CREATE POLICY of_members ON bibsmith.members FOR SELECT USING (library IN (SELECT bibsmith.my_libraries()));
CREATE POLICY of_members ON bibsmith.entries FOR SELECT USING (library IN (SELECT bibsmith.my_libraries()));
CREATE POLICY of_members ON bibsmith.changes FOR SELECT USING (library IN (SELECT bibsmith.my_libraries()));
GRANT SELECT ON bibsmith.libraries, bibsmith.members, bibsmith.entries, bibsmith.changes TO PUBLIC;
