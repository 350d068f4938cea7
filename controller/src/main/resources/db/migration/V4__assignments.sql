-- Who runs what: series, assignments, how far each agent's lanes are stored, monitor tests.

CREATE TABLE series (
    tenant_id uuid NOT NULL,
    id bigint NOT NULL,
    monitor_id uuid NOT NULL,
    location_id uuid NOT NULL,
    target text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT series_of_monitor_unique UNIQUE (tenant_id, monitor_id, location_id, target)
);
-- An agent names a series by its number alone.
CREATE INDEX series_number ON series (id);
ALTER TABLE series ENABLE ROW LEVEL SECURITY;
ALTER TABLE series FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON series USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON series TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON series TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON series TO ${system};

CREATE TABLE assignment (
    tenant_id uuid NOT NULL,
    series bigint NOT NULL,
    monitor_id uuid NOT NULL,
    location_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    -- Of the monitor; results carry it back.
    revision bigint NOT NULL,
    -- The agent's wanted revision that brought this: applied once the agent has reached it.
    agent_revision bigint NOT NULL,
    anchor_ms bigint NOT NULL,
    PRIMARY KEY (tenant_id, series),
    FOREIGN KEY (tenant_id, series) REFERENCES series (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX assignment_agent ON assignment (agent_id);
CREATE INDEX assignment_location ON assignment (location_id);
CREATE INDEX assignment_monitor ON assignment (tenant_id, monitor_id);
ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON assignment USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON assignment TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON assignment TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON assignment TO ${system};

-- What an agent said that it does not run, and why.
CREATE TABLE rejected_assignment (
    tenant_id uuid NOT NULL,
    series bigint NOT NULL,
    agent_id uuid NOT NULL,
    revision bigint NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (tenant_id, series, agent_id)
);
CREATE INDEX rejected_assignment_agent ON rejected_assignment (agent_id);
ALTER TABLE rejected_assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE rejected_assignment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rejected_assignment USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON rejected_assignment TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON rejected_assignment TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON rejected_assignment TO ${system};

-- Up to where each lane of an agent's spool is stored. Written in the transaction of the rows.
CREATE TABLE agent_lane (
    tenant_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    spool_id uuid NOT NULL,
    lane smallint NOT NULL,
    acked bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, agent_id, spool_id, lane),
    FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id) ON DELETE CASCADE
);
ALTER TABLE agent_lane ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_lane FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agent_lane USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON agent_lane TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON agent_lane TO ${system};

-- Results that an agent made and had to drop, as it told.
CREATE TABLE spool_gap (
    tenant_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    spool_id uuid NOT NULL,
    lane smallint NOT NULL,
    sequence bigint NOT NULL,
    dropped bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    reason smallint NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, agent_id, spool_id, lane, sequence),
    FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id) ON DELETE CASCADE
);
ALTER TABLE spool_gap ENABLE ROW LEVEL SECURITY;
ALTER TABLE spool_gap FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON spool_gap USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON spool_gap TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON spool_gap TO ${app};
GRANT SELECT, INSERT ON spool_gap TO ${system};

CREATE TABLE monitor_test (
    tenant_id uuid NOT NULL,
    test_id uuid NOT NULL,
    monitor_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, test_id)
);
CREATE INDEX monitor_test_expiry ON monitor_test (expires_at);
ALTER TABLE monitor_test ENABLE ROW LEVEL SECURITY;
ALTER TABLE monitor_test FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON monitor_test USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON monitor_test TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON monitor_test TO ${app};
GRANT SELECT, DELETE ON monitor_test TO ${system};

CREATE TABLE monitor_test_outcome (
    tenant_id uuid NOT NULL,
    test_id uuid NOT NULL,
    location_id uuid NOT NULL,
    location_name text NOT NULL,
    agent_id uuid,
    state text NOT NULL,
    message text,
    -- The order as it travels; the login in it is sealed to the agent's key. Gone once the outcome is final.
    wire_order bytea,
    deadline timestamptz NOT NULL,
    -- The run as the API shows it.
    result jsonb,
    PRIMARY KEY (tenant_id, test_id, location_id),
    FOREIGN KEY (tenant_id, test_id) REFERENCES monitor_test (tenant_id, test_id) ON DELETE CASCADE
);
CREATE INDEX monitor_test_outcome_deadline ON monitor_test_outcome (deadline) WHERE state IN ('WAITING', 'RUNNING');
ALTER TABLE monitor_test_outcome ENABLE ROW LEVEL SECURITY;
ALTER TABLE monitor_test_outcome FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON monitor_test_outcome USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON monitor_test_outcome TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON monitor_test_outcome TO ${app};
GRANT SELECT, UPDATE, DELETE ON monitor_test_outcome TO ${system};

-- How many monitor tests a tenant has begun in the running minute; one statement counts and refuses.
CREATE TABLE monitor_test_allowance (
    tenant_id uuid PRIMARY KEY,
    minute_began_at timestamptz NOT NULL,
    used integer NOT NULL
);
ALTER TABLE monitor_test_allowance ENABLE ROW LEVEL SECURITY;
ALTER TABLE monitor_test_allowance FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON monitor_test_allowance USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON monitor_test_allowance TO ${app};
