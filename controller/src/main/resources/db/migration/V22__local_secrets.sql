-- Secrets that exist only on an agent's host: a monitor stores the name of one, an agent says which it offers.

-- In place of a stored password or access token; secret_kind says which of the two it is.
ALTER TABLE monitor ADD COLUMN local_secret text;
-- (username IS NULL) = (password_secret_id IS NULL)
ALTER TABLE monitor DROP CONSTRAINT monitor_check1;
ALTER TABLE monitor ADD CONSTRAINT monitor_login_check CHECK (
    (username IS NULL) = (password_secret_id IS NULL AND local_secret IS NULL)
    AND (password_secret_id IS NULL OR local_secret IS NULL));

-- As its last hello told, by name.
ALTER TABLE agent ADD COLUMN local_secrets text[] NOT NULL DEFAULT '{}';
