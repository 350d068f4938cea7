-- Several key-encryption keys, and data keys that are rotated: which key wraps what, which keys controllers have, and which
-- were given up as lost. platform.key_check names the key that wraps whatever is wrapped from now on.
-- Where kek_id is NULL, from a release before, it is that key: it changes only after all of them were filled.
ALTER TABLE platform ADD COLUMN given_up_keks bytea[] NOT NULL DEFAULT '{}';
-- To hold the row while something is wrapped, and to change to another key.
GRANT UPDATE (key_check) ON platform TO ${system};

ALTER TABLE data_key ADD COLUMN kek_id bytea;
-- The highest one of a tenant encrypts; equals, made at once, are told apart by their id.
ALTER TABLE data_key ADD COLUMN generation bigint NOT NULL DEFAULT 0;
GRANT UPDATE (wrapped, kek_id), DELETE ON data_key TO ${system};
-- Nothing is updated with it: who locks a key while encrypting something needs it.
GRANT UPDATE (generation) ON data_key TO ${app};

ALTER TABLE certificate_authority ADD COLUMN kek_id bytea;
GRANT UPDATE (wrapped_key, kek_id), DELETE ON certificate_authority TO ${system};

-- The key-encryption keys that a controller keeps, the one it would use first; NULL from a release before.
ALTER TABLE controller_lease ADD COLUMN kek_ids bytea[];
-- Where it runs, for people.
ALTER TABLE controller_lease ADD COLUMN host text;

-- Its sealing key has changed and it has not yet applied what is sealed to the new one.
ALTER TABLE agent ADD COLUMN seal_anew boolean NOT NULL DEFAULT false;
