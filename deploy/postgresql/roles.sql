-- Three roles for a journal in PostgreSQL. Run once, as a superuser, in the journal's database:
--
--     psql -v ON_ERROR_STOP=1 -d pantau -f roles.sql
--     psql -d pantau -c '\password pantau_migrator' -c '\password pantau_writer' -c '\password pantau_reader'
--
-- pantau_migrator owns the tables and changes them, at an update: pantau journal migrate --journal postgresql://pantau_migrator@...
-- pantau_writer   is what pantau run, people's decisions, FINALs and anchors use: it adds, and moves the head; it can change nothing
-- pantau_reader   is for drafts, verify, export and auditors
--
-- A journal that is there already goes to pantau_migrator. Run grants.sql after each migration.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pantau_migrator', 'pantau_writer', 'pantau_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
    END LOOP;
    FOR name IN
        SELECT tablename FROM pg_tables
        WHERE schemaname = 'public'
          AND tablename IN ('entries', 'names', 'sources', 'blobs', 'head', 'hours', 'alembic_version')
    LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO pantau_migrator', name);
    END LOOP;
    FOR name IN SELECT proname FROM pg_proc WHERE proname IN ('pantau_only_added', 'pantau_forwards') LOOP
        EXECUTE format('ALTER FUNCTION public.%I() OWNER TO pantau_migrator', name);
    END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO pantau_migrator;
GRANT USAGE ON SCHEMA public TO pantau_writer, pantau_reader;
