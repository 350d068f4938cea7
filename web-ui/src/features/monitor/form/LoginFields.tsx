import { Autocomplete, Checkbox, Input, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { Location, Mechanism } from '../../../api/types';
import type { Places } from './draft';
import { localSecretSentence, mechanismsFor, offeredSecrets, type SecretKind, withSecret } from './login';
import classes from './MonitorForm.module.css';
import type { PartProps } from './parts';

export const loginFields = [
  'credentials',
  'credentials.username',
  'credentials.password',
  'credentials.accessToken',
  'credentials.localSecret',
  'credentials.mechanism',
  'credentials.allowPlaintext',
] as const;

interface LoginFieldsProps extends PartProps {
  locations: readonly Location[];
  places: Places;
}

const openWords: Record<SecretKind, string> = { password: 'password', accessToken: 'token', local: 'secret' };

const notes: Record<SecretKind, string> = {
  password:
    'The password is stored encrypted and never shown again; it is not sent where the certificate is not trusted.',
  accessToken:
    'The token of a provider such as Google or Microsoft. It is stored encrypted and never shown again. Once it has expired, the login fails until it is replaced.',
  local:
    'The agent reads it on its own host, where its configuration lists the name; it never comes here. With OAUTHBEARER and XOAUTH2 it is an access token, else a password.',
};

/** With which name, secret and mechanism a run logs in. */
export function LoginFields({ draft, change, at, locations, places }: LoginFieldsProps) {
  return (
    <div className={`${classes.grid} ${classes.below}`}>
      <TextInput
        className={classes.half}
        label="User name"
        name="monitor-username"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        required
        withAsterisk={false}
        error={at('credentials.username') ?? at('credentials')}
        value={draft.username}
        onChange={(event) => change({ username: event.currentTarget.value })}
      />
      <Input.Wrapper label="Proves itself with" labelElement="div" className={classes.whole}>
        <SegmentedControl
          fullWidth
          aria-label="Proves itself with"
          value={draft.secret}
          onChange={(secret) => change(withSecret(draft, secret as SecretKind))}
          data={[
            { value: 'password', label: 'A password' },
            { value: 'accessToken', label: 'An access token' },
            { value: 'local', label: "A secret on the agent's host" },
          ]}
        />
      </Input.Wrapper>
      {draft.secret === 'accessToken' && (
        <SecretField
          label="Access token"
          name="monitor-token"
          stored={draft.accessTokenStored}
          error={at('credentials.accessToken') ?? at('credentials.password')}
          value={draft.accessToken}
          onValue={(accessToken) => change({ accessToken })}
        />
      )}
      {draft.secret === 'password' && (
        <SecretField
          label="Password"
          name="monitor-password"
          stored={draft.passwordStored}
          error={at('credentials.password') ?? at('credentials.accessToken')}
          value={draft.password}
          onValue={(password) => change({ password })}
        />
      )}
      {draft.secret === 'local' && (
        <Autocomplete
          className={classes.half}
          label="Its name there"
          name="monitor-local-secret"
          description={localSecretSentence(draft.localSecret.trim(), locations, places)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          required
          withAsterisk={false}
          placeholder="imap-alice"
          data={offeredSecrets(locations, places)}
          error={at('credentials.localSecret') ?? at('credentials.password') ?? at('credentials.accessToken')}
          value={draft.localSecret}
          onChange={(localSecret) => change({ localSecret })}
        />
      )}
      <Select
        className={classes.half}
        label="Mechanism"
        allowDeselect={false}
        data={mechanismsFor(draft.secret).map((value) => ({
          value,
          label: value === 'auto' ? 'Automatic: the strongest offered' : value,
        }))}
        error={at('credentials.mechanism')}
        value={draft.mechanism}
        onChange={(mechanism) => change({ mechanism: (mechanism ?? 'auto') as Mechanism })}
      />
      {draft.security === 'none' && (
        <Checkbox
          className={classes.whole}
          label={`Send the ${openWords[draft.secret]} over the open connection`}
          description="Anybody on the way can read it. Without this, the run ends before the login."
          error={at('credentials.allowPlaintext')}
          checked={draft.allowPlaintext}
          onChange={(event) => change({ allowPlaintext: event.currentTarget.checked })}
        />
      )}
      <p className={classes.note}>{notes[draft.secret]}</p>
    </div>
  );
}

interface SecretFieldProps {
  label: string;
  name: string;
  stored: boolean;
  error: string | undefined;
  value: string;
  onValue: (value: string) => void;
}

function SecretField({ label, name, stored, error, value, onValue }: SecretFieldProps) {
  return (
    <PasswordInput
      className={classes.half}
      label={label}
      name={name}
      autoComplete="new-password"
      required={!stored}
      withAsterisk={false}
      placeholder={stored ? 'Stored; type to replace it' : undefined}
      error={error}
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}
