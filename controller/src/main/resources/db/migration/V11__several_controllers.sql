-- Several controllers on one database.

-- What each controller tells the others, in order. A controller writes its rows one after the other, so whoever sees one
-- sees all before it; a number left out says that something is missing. Rows of a controller are deleted when they are old,
-- but never its last.
CREATE TABLE controller_note (
    controller_id uuid NOT NULL,
    sequence bigint NOT NULL,
    written_at timestamptz NOT NULL,
    topics text[] NOT NULL,
    bodies text[] NOT NULL,
    PRIMARY KEY (controller_id, sequence)
);
GRANT SELECT, INSERT, DELETE ON controller_note TO ${system};

-- Whom a controller has to tell what changed: looked at several times a second, and nearly always empty.
CREATE INDEX agent_behind ON agent (session_controller)
    WHERE session_controller IS NOT NULL AND wanted_revision <> applied_revision;

-- The session that the order went out on: where that is over, no outcome comes. NULL, from a release before: not known.
ALTER TABLE monitor_test_outcome ADD COLUMN session_id uuid;
