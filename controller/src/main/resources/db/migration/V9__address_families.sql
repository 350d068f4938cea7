-- Monitors that check both address families, each by itself.

ALTER TABLE monitor DROP CONSTRAINT monitor_address_family_check;
ALTER TABLE monitor ADD CONSTRAINT monitor_address_family_check
    CHECK (address_family IN ('ANY', 'IPV4', 'IPV6', 'BOTH'));

-- A test runs once per location and target, as series do. A release that knows no targets has one row per location.
ALTER TABLE monitor_test_outcome ADD COLUMN target text NOT NULL DEFAULT 'any';
ALTER TABLE monitor_test_outcome DROP CONSTRAINT monitor_test_outcome_pkey;
ALTER TABLE monitor_test_outcome ADD PRIMARY KEY (tenant_id, test_id, location_id, target);

-- How the agent names it: two runs of one test may go to one agent. NULL, from a release that knows no targets: by the test.
ALTER TABLE monitor_test_outcome ADD COLUMN order_id uuid;
