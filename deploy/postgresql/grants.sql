-- What the roles of roles.sql may do. Run as pantau_migrator, after `pantau journal migrate`; again does no harm.

REVOKE ALL ON entries, names, sources, blobs, head, alembic_version FROM PUBLIC, pantau_writer, pantau_reader;
GRANT SELECT ON entries, names, sources, blobs, head, alembic_version TO pantau_writer, pantau_reader;
GRANT INSERT ON entries, names, sources, blobs, head TO pantau_writer;
GRANT UPDATE (number, digest, alive_ns, run, beat_ns, session, taken) ON head TO pantau_writer;
