-- Which record the last stored sequence of a lane was given to, so that an agent finds out that a copy of its spool gave the
-- same number to another one. A mark is of the sequence beside it alone: a release before raises acked and knows of neither.
ALTER TABLE agent_lane
    ADD COLUMN mark bigint NOT NULL DEFAULT 0,
    ADD COLUMN marked bigint NOT NULL DEFAULT 0;
