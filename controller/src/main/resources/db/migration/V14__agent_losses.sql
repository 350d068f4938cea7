-- When an agent was lost, the last few times: one that is lost again and again is given no more work for a while.
ALTER TABLE agent ADD COLUMN lost_at timestamptz[] NOT NULL DEFAULT '{}';
