-- As superuser on the leader, once: sudo -u postgres psql -h /var/run/postgresql -f roles.sql -v owner='…' -v app='…' -v backup='…'
CREATE ROLE minqing_owner LOGIN PASSWORD :'owner' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE minqing_app LOGIN PASSWORD :'app' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE minqing_backup LOGIN PASSWORD :'backup' BYPASSRLS;
GRANT pg_read_all_data TO minqing_backup;
-- so that `minqing doctor` sees the standbys
GRANT pg_read_all_stats TO minqing_owner;
CREATE DATABASE minqing OWNER minqing_owner ENCODING 'UTF8';
\connect minqing
ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;
