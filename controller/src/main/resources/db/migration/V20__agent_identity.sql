-- Approval by hand, replacement of lost agents, and how copies of an agent's state are found out.

ALTER TABLE agent
    -- Until a person has approved it, it gets no certificate. NULL: approved, or nobody had to.
    ADD COLUMN awaiting_approval_since timestamptz,
    -- A person refused it; revoked_at is set with it.
    ADD COLUMN refused_at timestamptz,
    -- Another host took its place, the last time.
    ADD COLUMN replaced_at timestamptz,
    -- The generation of the certificate in each slot, and the SHA-256 of the key that it is for. 0 and NULL: issued by a
    -- release before.
    ADD COLUMN current_generation bigint NOT NULL DEFAULT 0,
    ADD COLUMN next_generation bigint,
    ADD COLUMN current_tls_key bytea,
    ADD COLUMN next_tls_key bytea,
    -- Since when the certificate in the first slot is in use.
    ADD COLUMN generation_since timestamptz,
    -- Renewals after both certificates had expired, and with a generation that this database didn't know.
    ADD COLUMN expired_renewals bigint NOT NULL DEFAULT 0,
    ADD COLUMN ahead_renewals bigint NOT NULL DEFAULT 0,
    -- The last processes of the agent, the newest first: of each its greatest attempt, and how often it came back after
    -- another one.
    ADD COLUMN boots uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN boot_attempts bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN boot_returns integer[] NOT NULL DEFAULT '{}',
    -- From where the session of now or the last one came.
    ADD COLUMN session_address text,
    -- Since when it is locked, because there are two copies of it; why; and from where they came.
    ADD COLUMN cloned_at timestamptz,
    ADD COLUMN clone_sign text,
    ADD COLUMN clone_addresses text[] NOT NULL DEFAULT '{}',
    -- When its session was ended from outside, the last time: by revocation, replacement or as a copy.
    ADD COLUMN ended_at timestamptz;
-- Looked at every second, and nearly always empty.
CREATE INDEX agent_ended ON agent (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX agent_awaiting_approval ON agent (awaiting_approval_since) WHERE awaiting_approval_since IS NOT NULL;
GRANT DELETE ON agent TO ${system};
GRANT UPDATE, DELETE ON agent_directory TO ${system};

-- Keys of agents whose place another host has taken: who comes with one is told so. Found before the tenant is known.
CREATE TABLE former_agent_key (
    identity_key_hash bytea PRIMARY KEY,
    identity_key bytea NOT NULL,
    tenant_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    replaced_at timestamptz NOT NULL,
    -- When its host came again the first time, and was told.
    told_at timestamptz
);
CREATE INDEX former_agent_key_agent ON former_agent_key (agent_id);
GRANT SELECT, INSERT, UPDATE ON former_agent_key TO ${system};
GRANT SELECT, DELETE ON former_agent_key TO ${app};

ALTER TABLE enrolment_token
    -- Whoever comes with it waits until a person has approved it.
    ADD COLUMN needs_approval boolean NOT NULL DEFAULT false,
    -- Whoever comes with it takes the place of this agent.
    ADD COLUMN replaces_agent_id uuid;
