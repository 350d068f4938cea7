-- TCP ports through which an agent reaches nobody, as its last heartbeat told.
ALTER TABLE agent ADD COLUMN blocked_ports integer[] NOT NULL DEFAULT '{}';
