import { Checkbox, Input, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { Mechanism } from '../../../api/types';
import { mechanismsFor, type SecretKind, withSecret } from './login';
import classes from './MonitorForm.module.css';
import type { PartProps } from './parts';

export const loginFields = [
  'credentials',
  'credentials.username',
  'credentials.password',
  'credentials.accessToken',
  'credentials.mechanism',
  'credentials.allowPlaintext',
] as const;

/** With which name, secret and mechanism a run logs in. */
export function LoginFields({ draft, change, at }: PartProps) {
  const token = draft.secret === 'accessToken';
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
      <Input.Wrapper label="Proves itself with" labelElement="div" className={classes.half}>
        <SegmentedControl
          fullWidth
          aria-label="Proves itself with"
          value={draft.secret}
          onChange={(secret) => change(withSecret(draft, secret as SecretKind))}
          data={[
            { value: 'password', label: 'A password' },
            { value: 'accessToken', label: 'An access token' },
          ]}
        />
      </Input.Wrapper>
      {token ? (
        <SecretField
          label="Access token"
          name="monitor-token"
          stored={draft.accessTokenStored}
          error={at('credentials.accessToken') ?? at('credentials.password')}
          value={draft.accessToken}
          onValue={(accessToken) => change({ accessToken })}
        />
      ) : (
        <SecretField
          label="Password"
          name="monitor-password"
          stored={draft.passwordStored}
          error={at('credentials.password') ?? at('credentials.accessToken')}
          value={draft.password}
          onValue={(password) => change({ password })}
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
          label={token ? 'Send the token over the open connection' : 'Send the password over the open connection'}
          description="Anybody on the way can read it. Without this, the run ends before the login."
          error={at('credentials.allowPlaintext')}
          checked={draft.allowPlaintext}
          onChange={(event) => change({ allowPlaintext: event.currentTarget.checked })}
        />
      )}
      <p className={classes.note}>
        {token
          ? 'The token of a provider such as Google or Microsoft. It is stored encrypted and never shown again. Once it has expired, the login fails until it is replaced.'
          : 'The password is stored encrypted and never shown again; it is not sent where the certificate is not trusted.'}
      </p>
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
