-- Domains that are proven: the looks at them, one after the other, and what each agent saw in the last ones.

-- Nobody could claim a domain before, so there is no row that would need an id.
ALTER TABLE domain_proof
    ADD COLUMN proof_id uuid NOT NULL,
    -- How many looks there were, with the one under way.
    ADD COLUMN looks bigint NOT NULL DEFAULT 0,
    ADD COLUMN looking boolean NOT NULL DEFAULT false,
    -- When the next one comes by itself; null: only when somebody asks.
    ADD COLUMN next_look_at timestamptz;
ALTER TABLE domain_proof ADD CONSTRAINT domain_proof_id_unique UNIQUE (tenant_id, proof_id);
CREATE INDEX domain_proof_due ON domain_proof (next_look_at) WHERE next_look_at IS NOT NULL;
CREATE INDEX domain_proof_looking ON domain_proof (tenant_id, proof_id) WHERE looking;

-- One agent's part of a look. It outlives the claim, so that looks are counted that somebody has made and taken back.
CREATE TABLE domain_lookup (
    tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
    lookup_id uuid NOT NULL,
    proof_id uuid NOT NULL,
    look bigint NOT NULL,
    name text NOT NULL,
    -- The platform's.
    agent_id uuid NOT NULL,
    location_id uuid NOT NULL,
    -- As it was called then.
    location_name text NOT NULL,
    began_at timestamptz NOT NULL,
    deadline timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('WAITING', 'ASKED', 'TOLD', 'UNKNOWN')),
    -- The session that the agent was asked on.
    session_id uuid,
    texts text[] NOT NULL DEFAULT '{}',
    more boolean NOT NULL DEFAULT false,
    alias_of text,
    reason text,
    PRIMARY KEY (tenant_id, lookup_id)
);
CREATE INDEX domain_lookup_look ON domain_lookup (tenant_id, proof_id, look);
CREATE INDEX domain_lookup_open ON domain_lookup (tenant_id, lookup_id) WHERE state IN ('WAITING', 'ASKED');
ALTER TABLE domain_lookup ENABLE ROW LEVEL SECURITY;
ALTER TABLE domain_lookup FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON domain_lookup USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON domain_lookup TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON domain_lookup TO ${app};
GRANT SELECT, UPDATE, DELETE ON domain_lookup TO ${system};
