-- Monitors: what is checked, how, how often and from where.

CREATE TABLE monitor (
    tenant_id                uuid NOT NULL REFERENCES tenant,
    monitor_id               uuid NOT NULL,
    component_id             uuid NOT NULL,
    name                     text NOT NULL,
    type                     text NOT NULL CHECK (type IN ('SMTP', 'IMAP')),
    host                     text NOT NULL,
    port                     integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    security                 text NOT NULL CHECK (security IN ('NONE', 'STARTTLS', 'TLS')),
    address_family           text NOT NULL CHECK (address_family IN ('ANY', 'IPV4', 'IPV6')),
    username                 text,
    -- NULL: the strongest that both sides know.
    auth_mechanism           text CHECK (auth_mechanism IN ('PLAIN', 'LOGIN')),
    allow_plaintext          boolean NOT NULL,
    password_secret_id       uuid,
    period_seconds           integer NOT NULL CHECK (period_seconds BETWEEN 10 AND 86400),
    timeout_seconds          integer NOT NULL CHECK (timeout_seconds BETWEEN 1 AND period_seconds),
    -- NULL: no such threshold.
    warning_seconds          integer,
    error_seconds            integer,
    -- 0: never.
    certificate_warning_days integer NOT NULL,
    certificate_error_days   integer NOT NULL,
    certificate_report_only  boolean NOT NULL,
    all_public               boolean NOT NULL,
    tags                     text[] NOT NULL,
    paused                   boolean NOT NULL,
    revision                 bigint NOT NULL,
    created_at               timestamptz NOT NULL,
    updated_at               timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, monitor_id),
    FOREIGN KEY (tenant_id, component_id) REFERENCES component,
    FOREIGN KEY (tenant_id, password_secret_id) REFERENCES secret,
    CHECK ((username IS NULL) = (password_secret_id IS NULL))
);
-- One per order in which the list can be read.
CREATE INDEX monitor_by_name ON monitor (tenant_id, lower(name), monitor_id);
CREATE INDEX monitor_by_host ON monitor (tenant_id, host, monitor_id);
CREATE INDEX monitor_by_age ON monitor (tenant_id, created_at, monitor_id);
CREATE INDEX monitor_by_component ON monitor (tenant_id, component_id);
CREATE INDEX monitor_by_password ON monitor (tenant_id, password_secret_id) WHERE password_secret_id IS NOT NULL;
ALTER TABLE monitor ENABLE ROW LEVEL SECURITY;
ALTER TABLE monitor FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON monitor USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON monitor TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON monitor TO ${app};
GRANT SELECT ON monitor TO ${system};

-- The listed locations of a monitor. A location may be the platform's, so nothing refers to it.
CREATE TABLE monitor_location (
    tenant_id   uuid NOT NULL,
    monitor_id  uuid NOT NULL,
    location_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, monitor_id, location_id),
    FOREIGN KEY (tenant_id, monitor_id) REFERENCES monitor ON DELETE CASCADE
);
CREATE INDEX monitor_location_by_location ON monitor_location (location_id);
ALTER TABLE monitor_location ENABLE ROW LEVEL SECURITY;
ALTER TABLE monitor_location FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON monitor_location USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON monitor_location TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON monitor_location TO ${app};
GRANT SELECT ON monitor_location TO ${system};
