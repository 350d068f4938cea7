-- What guards the identity of agents against those who know how copies are found out.

ALTER TABLE agent
    -- Of the last processes: whether each was heard for a while, and when another one took over from it.
    ADD COLUMN boot_stays boolean[] NOT NULL DEFAULT '{}',
    ADD COLUMN boot_until timestamptz[] NOT NULL DEFAULT '{}',
    -- When a renewal with a generation that this database doesn't know was on record, the last time.
    ADD COLUMN ahead_recorded_at timestamptz;
UPDATE agent SET boot_stays = array_fill(true, ARRAY[cardinality(boots)]),
    boot_until = array_fill(now(), ARRAY[cardinality(boots)])
    WHERE cardinality(boots) > 0;

-- How far the clock of a controller is ahead of the database's. NULL: a release before doesn't tell.
ALTER TABLE controller_lease ADD COLUMN clock_ahead_millis bigint;

-- A tenant's keys are no other tenant's concern, as everywhere. The system finds them before the tenant is known.
ALTER TABLE former_agent_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE former_agent_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON former_agent_key USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON former_agent_key TO ${system} USING (true) WITH CHECK (true);
-- The tenant's part deletes those of an agent that it deletes, and reads nothing else; the system notes when one came.
REVOKE SELECT ON former_agent_key FROM ${app};
GRANT SELECT (tenant_id, agent_id) ON former_agent_key TO ${app};
REVOKE UPDATE ON former_agent_key FROM ${system};
GRANT UPDATE (told_at) ON former_agent_key TO ${system};
