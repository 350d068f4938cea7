-- POP3, more mechanisms, access tokens, and the options that most monitors do without.

ALTER TABLE monitor DROP CONSTRAINT monitor_type_check;
ALTER TABLE monitor ADD CONSTRAINT monitor_type_check CHECK (type IN ('SMTP', 'IMAP', 'POP3'));

ALTER TABLE monitor DROP CONSTRAINT monitor_auth_mechanism_check;
ALTER TABLE monitor ADD CONSTRAINT monitor_auth_mechanism_check CHECK (auth_mechanism IN (
    'PLAIN', 'LOGIN', 'CRAM_MD5', 'SCRAM_SHA_1', 'SCRAM_SHA_256', 'XOAUTH2', 'OAUTHBEARER'));

-- What password_secret_id leads to. NULL: a password.
ALTER TABLE monitor ADD COLUMN secret_kind text CHECK (secret_kind IN ('PASSWORD', 'ACCESS_TOKEN'));

-- Thresholds of phases, what the certificate and the server are expected to be, and how far a run goes: read with the
-- monitor and never searched for, so one value rather than a column for each. NULL: none of it.
ALTER TABLE monitor ADD COLUMN options jsonb;
