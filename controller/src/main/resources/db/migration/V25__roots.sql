-- The platform's roots, each certified by the one before. Those that have a key are here; retired ones are in former_root.
ALTER TABLE certificate_authority DROP CONSTRAINT certificate_authority_pkey;
ALTER TABLE certificate_authority DROP CONSTRAINT certificate_authority_slot_check;
ALTER TABLE certificate_authority
    ADD COLUMN number bigint NOT NULL DEFAULT 1 PRIMARY KEY,
    -- NULL: it is prepared and issues nothing yet.
    ADD COLUMN issues_from timestamptz,
    -- 'current' is the first one, which a release before looks for.
    ALTER COLUMN slot DROP NOT NULL,
    ADD UNIQUE (slot);
UPDATE certificate_authority SET issues_from = created_at;
GRANT UPDATE (issues_from) ON certificate_authority TO ${system};

-- Trusted no more, and without a key. Agents that were away find their way by them.
CREATE TABLE former_root (
    number bigint PRIMARY KEY,
    certificate bytea NOT NULL,
    issues_from timestamptz NOT NULL,
    retired_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON former_root TO ${system};

-- SHA-256 of the keys of the roots that the agent trusts, as it said when its last session began.
ALTER TABLE agent ADD COLUMN trusted_roots bytea[] NOT NULL DEFAULT '{}';
