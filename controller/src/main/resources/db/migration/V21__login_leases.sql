-- Logins: who may log in at this moment, and what servers refused.

-- Which password or token of which mailbox it is: another one after each edit, and the same one for monitors that have the
-- very same. NULL, from a release before: that of the monitor alone.
ALTER TABLE monitor ADD COLUMN credential_id uuid;

-- One run at a time logs in to a mailbox: host and user name, as SHA-256.
CREATE TABLE login_lease (
    tenant_id uuid NOT NULL,
    mailbox bytea NOT NULL,
    lease_id uuid NOT NULL,
    credential_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    lease_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, mailbox)
);
CREATE INDEX login_lease_by_agent ON login_lease (agent_id, lease_id);
ALTER TABLE login_lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_lease FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON login_lease USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON login_lease TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON login_lease TO ${system};

-- Credentials that were refused since they were accepted last. Others have no row, or one that says nothing against them.
CREATE TABLE login_trust (
    tenant_id uuid NOT NULL,
    credential_id uuid NOT NULL,
    refusals integer NOT NULL CHECK (refusals >= 0),
    -- When the last login that counts began; NULL: none has counted yet.
    refused_at timestamptz,
    suspended_at timestamptz,
    -- Nobody logs in by it before: a refusal was told of, whose result is still to come.
    held_until timestamptz,
    PRIMARY KEY (tenant_id, credential_id)
);
ALTER TABLE login_trust ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_trust FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON login_trust USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON login_trust TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON login_trust TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON login_trust TO ${system};
