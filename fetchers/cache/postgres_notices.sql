-- Each change of a library is told to who listens, when its transaction ends: its revision, and nothing else. Everybody who may
-- connect may listen, so that a channel's name tells nothing to who does not know the library's.

CREATE FUNCTION bibsmith.channel_of(library text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
  AS $body$ SELECT 'bibsmith_' || md5(library) $body$;

CREATE FUNCTION bibsmith.tell_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $body$
BEGIN
  PERFORM pg_notify(bibsmith.channel_of(NEW.library), NEW.revision::text);
  RETURN NULL;
END $body$;

CREATE TRIGGER tell_change AFTER UPDATE OF revision ON bibsmith.libraries
  FOR EACH ROW EXECUTE FUNCTION bibsmith.tell_change();
