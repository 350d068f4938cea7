-- Locations, agents, their enrolment, the platform's certificate authority, and who holds which session.

-- Of the platform, not of a tenant: one root that signs agents and controllers. Its key is wrapped by the
-- key-encryption key. One row per slot, also when two controllers start at once.
CREATE TABLE certificate_authority (
    slot text PRIMARY KEY CHECK (slot IN ('current', 'next')),
    certificate bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON certificate_authority TO ${system};

-- Which controllers live: a lease that each renews. Sessions of one whose lease ended are taken as lost later.
CREATE TABLE controller_lease (
    controller_id uuid PRIMARY KEY,
    started_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON controller_lease TO ${system};

CREATE TABLE location (
    tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
    location_id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, location_id),
    CONSTRAINT location_name_unique UNIQUE (tenant_id, name)
);
ALTER TABLE location ENABLE ROW LEVEL SECURITY;
ALTER TABLE location FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON location USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- What the platform tenant owns is public: everyone may read it, nobody else may change it.
CREATE POLICY platform ON location FOR SELECT TO ${app}
    USING (tenant_id = '00000000-0000-7000-8000-000000000000'::uuid);
CREATE POLICY system ON location TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON location TO ${app};
-- UPDATE only to lock a location's row while its monitors are placed.
GRANT SELECT, INSERT, UPDATE ON location TO ${system};

CREATE TABLE agent (
    tenant_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    location_id uuid NOT NULL,
    name text NOT NULL,
    identity_key bytea NOT NULL,
    sealing_key bytea NOT NULL,
    current_serial text,
    current_not_after timestamptz,
    next_serial text,
    next_not_after timestamptz,
    revoked_at timestamptz,
    version text NOT NULL,
    hostname text NOT NULL,
    os text NOT NULL,
    arch text NOT NULL,
    ipv4 boolean NOT NULL,
    ipv6 boolean NOT NULL,
    check_types text[] NOT NULL,
    auth_mechanisms text[] NOT NULL,
    max_runs_per_second integer NOT NULL,
    -- The session that counts; none: no session stands.
    session_id uuid,
    session_epoch bigint NOT NULL,
    session_controller uuid,
    connected_at timestamptz,
    last_seen_at timestamptz,
    spool_rows bigint NOT NULL,
    runs_per_minute real NOT NULL,
    schedule_lag_micros bigint NOT NULL,
    clock_offset_millis bigint NOT NULL,
    resident_bytes bigint NOT NULL,
    assignments integer NOT NULL,
    -- Counts the changes of what the agent is to run, and how far the agent is.
    wanted_revision bigint NOT NULL,
    applied_revision bigint NOT NULL,
    applied_hash bytea NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, agent_id),
    CONSTRAINT agent_name_unique UNIQUE (tenant_id, location_id, name)
);
CREATE INDEX agent_session_controller ON agent (session_controller) WHERE session_controller IS NOT NULL;
CREATE INDEX agent_location ON agent (location_id);
ALTER TABLE agent ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agent USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY platform ON agent FOR SELECT TO ${app}
    USING (tenant_id = '00000000-0000-7000-8000-000000000000'::uuid);
CREATE POLICY system ON agent TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON agent TO ${app};
GRANT SELECT, INSERT, UPDATE ON agent TO ${system};

-- Found before the tenant is known: an agent comes with its id or its identity key.
CREATE TABLE agent_directory (
    agent_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    identity_key_hash bytea NOT NULL,
    CONSTRAINT agent_directory_identity_unique UNIQUE (identity_key_hash)
);
GRANT SELECT, INSERT ON agent_directory TO ${system};
GRANT DELETE, SELECT ON agent_directory TO ${app};

CREATE TABLE enrolment_token (
    tenant_id uuid NOT NULL,
    token_id uuid NOT NULL,
    location_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    prefix text NOT NULL,
    uses_left integer NOT NULL CHECK (uses_left >= 0),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, token_id)
);
ALTER TABLE enrolment_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE enrolment_token FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON enrolment_token USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON enrolment_token TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON enrolment_token TO ${app};
GRANT SELECT, UPDATE ON enrolment_token TO ${system};

-- Found before the tenant is known: an enrolling agent comes with the token alone.
CREATE TABLE enrolment_token_directory (
    token_hash bytea PRIMARY KEY,
    tenant_id uuid NOT NULL,
    token_id uuid NOT NULL
);
GRANT SELECT, INSERT, DELETE ON enrolment_token_directory TO ${app};
GRANT SELECT ON enrolment_token_directory TO ${system};
