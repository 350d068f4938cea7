-- The last gap of an agent is found without a look at all that it ever told of.
CREATE INDEX spool_gap_told ON spool_gap (tenant_id, agent_id, told_at, spool_id, lane, sequence);
