-- Who did what. Rows are written once: neither run-time role may change or delete one.
CREATE TABLE audit_entry (
    tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
    entry_id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'agent', 'system', 'controller')),
    actor_id uuid,
    -- As it was called at that time, here and below: people and things are renamed and deleted, the record stays readable.
    actor_name text NOT NULL,
    act text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    subject_name text NOT NULL,
    detail_names text[] NOT NULL,
    detail_values text[] NOT NULL,
    address text,
    PRIMARY KEY (tenant_id, entry_id),
    CHECK (cardinality(detail_names) = cardinality(detail_values))
);
CREATE INDEX audit_entry_by_time ON audit_entry (tenant_id, at, entry_id);
CREATE INDEX audit_entry_by_subject ON audit_entry (tenant_id, subject_id, at, entry_id);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_entry USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON audit_entry TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_entry TO ${app}, ${system};
