-- Which process of the agent its session is of, and which of that process's sessions it is: a hello that hung in a
-- controller must not take the place of a later one. NULL and 0, from a release before: not known.
ALTER TABLE agent
    ADD COLUMN session_boot bytea CHECK (octet_length(session_boot) = 16),
    ADD COLUMN session_attempt bigint NOT NULL DEFAULT 0;
