-- Who runs the platform, and public locations that are prepared before tenants see them.

-- A right of a person on the platform: no member of a customer's tenant has it, and members of the platform have no other.
ALTER TABLE member DROP CONSTRAINT member_role_check;
ALTER TABLE member ADD CONSTRAINT member_role_check
    CHECK (role IN ('OWNER', 'ADMIN', 'EDITOR', 'RESPONDER', 'VIEWER', 'OPERATOR'));
ALTER TABLE member ADD CONSTRAINT member_operator_check
    CHECK ((role = 'OPERATOR') = (tenant_id = '00000000-0000-7000-8000-000000000000'::uuid));

ALTER TABLE location
    -- Where a public location is: two letters of ISO 3166. A private one has none.
    ADD COLUMN country text,
    -- A public location that no tenant but the platform's sees yet.
    ADD COLUMN in_preparation boolean NOT NULL DEFAULT false;
ALTER TABLE location ADD CONSTRAINT location_public_check
    CHECK (CASE WHEN tenant_id = '00000000-0000-7000-8000-000000000000'::uuid
        THEN country ~ '^[A-Z]{2}$' AND country IS NOT NULL ELSE country IS NULL AND NOT in_preparation END);

-- Which mail domains tenants say are theirs, and what agents saw of the texts that prove it.
CREATE TABLE domain_proof (
    tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
    domain text NOT NULL,
    -- What has to stand in the DNS. Public from then on.
    text text NOT NULL,
    claimed_at timestamptz NOT NULL,
    proven_at timestamptz,
    checked_at timestamptz,
    seen_at timestamptz,
    missing_since timestamptz,
    PRIMARY KEY (tenant_id, domain)
);
ALTER TABLE domain_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE domain_proof FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON domain_proof USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON domain_proof TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON domain_proof TO ${app};
GRANT SELECT, UPDATE ON domain_proof TO ${system};
