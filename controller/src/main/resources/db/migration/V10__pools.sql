-- Agents that an administrator took out of their pool, what agents say of runs they skipped, and silent locations.

-- Since when an agent is in maintenance: it keeps its session and is given nothing to run.
ALTER TABLE agent ADD COLUMN maintenance_since timestamptz;
-- Runs that were due and did not begin: in the last minute that the agent told of, and since its session began.
ALTER TABLE agent ADD COLUMN skipped_last_minute bigint NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN skipped_in_session bigint NOT NULL DEFAULT 0;

-- Since when none of the location's agents has reported; NULL while one does, and where none ever has.
ALTER TABLE location ADD COLUMN silent_since timestamptz;
