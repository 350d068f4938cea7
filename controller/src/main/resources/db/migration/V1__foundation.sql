-- Tenants, people, secrets, components.
-- Every tenant table: tenant_id first in every key, row-level security enabled and forced, grants one by one.
GRANT USAGE ON SCHEMA ${flyway:defaultSchema} TO ${app}, ${system};

-- One row for the whole installation.
CREATE TABLE platform (
    platform_id smallint PRIMARY KEY CHECK (platform_id = 1),
    key_check   bytea NOT NULL,
    set_up_at   timestamptz
);
GRANT SELECT ON platform TO ${app}, ${system};
GRANT UPDATE (set_up_at) ON platform TO ${app};

-- Directory: the one-time tokens of the first set-up, by their SHA-256.
CREATE TABLE setup_token (
    token_hash bytea PRIMARY KEY,
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON setup_token TO ${app};

CREATE TABLE tenant (
    tenant_id  uuid PRIMARY KEY,
    name       text NOT NULL,
    created_at timestamptz NOT NULL
);
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON tenant TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON tenant TO ${app};
GRANT SELECT ON tenant TO ${system};

-- Directory: people, before it is known which tenant they act for.
CREATE TABLE user_account (
    user_id       uuid PRIMARY KEY,
    email         text NOT NULL,
    email_key     text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON user_account TO ${app};

-- Directory: in which tenants a person is a member.
CREATE TABLE user_tenant (
    user_id   uuid NOT NULL REFERENCES user_account,
    tenant_id uuid NOT NULL,
    PRIMARY KEY (user_id, tenant_id)
);
GRANT SELECT, INSERT, DELETE ON user_tenant TO ${app};

CREATE TABLE member (
    tenant_id  uuid NOT NULL REFERENCES tenant,
    user_id    uuid NOT NULL,
    role       text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'EDITOR', 'RESPONDER', 'VIEWER')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE member FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON member USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON member TO ${app};

-- Directory: who is signed in, by the SHA-256 of the cookie.
CREATE TABLE user_session (
    token_hash   bytea PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES user_account,
    csrf_token   text NOT NULL,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL
);
CREATE INDEX user_session_by_age ON user_session (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_session TO ${app};

CREATE TABLE data_key (
    tenant_id   uuid NOT NULL REFERENCES tenant,
    data_key_id uuid NOT NULL,
    wrapped     bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, data_key_id)
);
ALTER TABLE data_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON data_key USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON data_key TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON data_key TO ${app}, ${system};

CREATE TABLE secret (
    tenant_id   uuid NOT NULL,
    secret_id   uuid NOT NULL,
    data_key_id uuid NOT NULL,
    ciphertext  bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, secret_id),
    FOREIGN KEY (tenant_id, data_key_id) REFERENCES data_key
);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON secret USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON secret TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON secret TO ${app}, ${system};

CREATE TABLE component (
    tenant_id    uuid NOT NULL REFERENCES tenant,
    component_id uuid NOT NULL,
    name         text NOT NULL,
    description  text NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, component_id),
    UNIQUE (tenant_id, name)
);
ALTER TABLE component ENABLE ROW LEVEL SECURITY;
ALTER TABLE component FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON component USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON component TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON component TO ${app};
GRANT SELECT ON component TO ${system};

-- What a create with an Idempotency-Key made, so that its repetition makes nothing twice.
CREATE TABLE idempotency_key (
    tenant_id    uuid NOT NULL REFERENCES tenant,
    user_id      uuid NOT NULL,
    key          text NOT NULL,
    request_hash bytea NOT NULL,
    resource_id  uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, key)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key (tenant_id, created_at);
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency_key USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON idempotency_key TO ${app};

-- The platform tenant owns what is public. The owner is bound by row-level security too: it names the tenant first.
SELECT set_config('app.tenant_id', '00000000-0000-7000-8000-000000000000', true);
INSERT INTO tenant (tenant_id, name, created_at)
VALUES ('00000000-0000-7000-8000-000000000000', 'Platform', '2026-11-22T00:00:00Z');
