-- Results in daily partitions, what of them is text, what of them repeats, and certificates.

-- One row per run: narrow, what charts and status read. No foreign keys.
CREATE TABLE result (
    tenant_id             uuid NOT NULL,
    series                bigint NOT NULL,
    scheduled_at          timestamptz NOT NULL,
    started_at            timestamptz NOT NULL,
    agent_id              uuid NOT NULL,
    run_id                uuid NOT NULL,
    revision              bigint NOT NULL,
    total_micros          bigint NOT NULL,
    remote_port           integer NOT NULL,
    -- 1 OK, 2 WARNING, 3 ERROR, 4 NO_DATA.
    status                smallint NOT NULL CHECK (status BETWEEN 1 AND 4),
    failure_code          smallint,
    failure_phase         smallint,
    -- False: a failure of the agent itself, which any measured row replaces.
    measured              boolean NOT NULL,
    triggered             boolean NOT NULL,
    clock_suspect         boolean NOT NULL,
    certificate_days_left integer,
    certificate_not_after timestamptz,
    -- Per phase: number, start and duration in microseconds.
    phases                integer[] NOT NULL,
    -- Per attempt to connect: address length, address, start and duration in microseconds, failure code.
    attempts              bytea NOT NULL,
    remote_address        bytea,
    greeting              text NOT NULL,
    -- Of the row in result_facts.
    facts                 bytea NOT NULL,
    PRIMARY KEY (tenant_id, series, scheduled_at)
) PARTITION BY RANGE (scheduled_at);
ALTER TABLE result ENABLE ROW LEVEL SECURITY;
ALTER TABLE result FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON result USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON result TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON result TO ${app};
GRANT SELECT, INSERT, UPDATE ON result TO ${system};

-- Text of runs that were not OK, and transcripts of failures, changes of status and triggered runs.
CREATE TABLE result_detail (
    tenant_id       uuid NOT NULL,
    series          bigint NOT NULL,
    scheduled_at    timestamptz NOT NULL,
    message         text NOT NULL,
    server_reply    text NOT NULL,
    transcript      jsonb,
    discarded_bytes bigint NOT NULL,
    PRIMARY KEY (tenant_id, series, scheduled_at)
) PARTITION BY RANGE (scheduled_at);
ALTER TABLE result_detail ENABLE ROW LEVEL SECURITY;
ALTER TABLE result_detail FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON result_detail USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON result_detail TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON result_detail TO ${app};
GRANT SELECT, INSERT, UPDATE ON result_detail TO ${system};

-- What is the same from run to run (addresses, TLS, chain, capabilities), once per tenant by its hash.
CREATE TABLE result_facts (
    tenant_id uuid NOT NULL,
    facts     bytea NOT NULL,
    -- The last day on which a run that refers to it was stored.
    seen_on   date NOT NULL,
    body      jsonb NOT NULL,
    PRIMARY KEY (tenant_id, facts)
);
CREATE INDEX result_facts_by_age ON result_facts (seen_on);
ALTER TABLE result_facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE result_facts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON result_facts USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON result_facts TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON result_facts TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON result_facts TO ${system};

-- Certificates that servers presented, once per tenant.
CREATE TABLE certificate (
    tenant_id     uuid NOT NULL,
    fingerprint   bytea NOT NULL CHECK (length(fingerprint) = 32),
    der           bytea NOT NULL CHECK (length(der) BETWEEN 1 AND 16384),
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, fingerprint)
);
ALTER TABLE certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON certificate USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system ON certificate TO ${system} USING (true) WITH CHECK (true);
GRANT SELECT ON certificate TO ${app};
GRANT SELECT, INSERT ON certificate TO ${system};

-- Partitions belong to the owner; the system role has these made and dropped. Attached rather than made in place, so
-- that results are stored and read meanwhile.
CREATE FUNCTION add_result_partitions(first_day date, last_day date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${flyway:defaultSchema}, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC'
AS $$
DECLARE
    parent text;
    partition text;
    day date;
    made integer := 0;
BEGIN
    -- Two controllers go one after the other; results are stored meanwhile, so waiting longer than for a table harms none.
    SET LOCAL lock_timeout = '60s';
    LOCK TABLE result IN SHARE UPDATE EXCLUSIVE MODE;
    SET LOCAL lock_timeout = '5s';
    IF last_day - first_day NOT BETWEEN 0 AND 60 THEN
        RAISE EXCEPTION 'between one and 61 days of partitions are made at once';
    END IF;
    FOREACH parent IN ARRAY ARRAY['result', 'result_detail'] LOOP
        FOR i IN 0 .. last_day - first_day LOOP
            day := first_day + i;
            partition := parent || '_' || to_char(day, 'YYYYMMDD');
            IF to_regclass(quote_ident(partition)) IS NULL THEN
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
                EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
                EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                    parent, partition, day::timestamptz, (day + 1)::timestamptz);
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION add_result_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION add_result_partitions(date, date) TO ${system};

CREATE FUNCTION drop_result_partitions(before_day date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${flyway:defaultSchema}, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC'
AS $$
DECLARE
    partition text;
    dropped integer := 0;
BEGIN
    SET LOCAL lock_timeout = '60s';
    LOCK TABLE result IN SHARE UPDATE EXCLUSIVE MODE;
    SET LOCAL lock_timeout = '5s';
    -- A clock that runs ahead must not cost yesterday's results.
    IF before_day >= current_date THEN
        RAISE EXCEPTION 'results of today and later are not dropped';
    END IF;
    FOR partition IN
        SELECT c.relname
        FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('result'::regclass, 'result_detail'::regclass)
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < before_day
        ORDER BY 1
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;
REVOKE ALL ON FUNCTION drop_result_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_result_partitions(date) TO ${system};
