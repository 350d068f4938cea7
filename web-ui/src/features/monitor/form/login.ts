import type { Mechanism, Monitor, MonitorRequest } from '../../../api/types';
import type { MonitorDraft } from './draft';

/** How a monitor logs in. A secret that is stored is never told; typing replaces it. */
export interface LoginDraft {
  signsIn: boolean;
  username: string;
  secret: SecretKind;
  password: string;
  passwordStored: boolean;
  accessToken: string;
  accessTokenStored: boolean;
  mechanism: Mechanism;
  allowPlaintext: boolean;
}

export type SecretKind = 'password' | 'accessToken';

export const noLogin: LoginDraft = {
  signsIn: false,
  username: '',
  secret: 'password',
  password: '',
  passwordStored: false,
  accessToken: '',
  accessTokenStored: false,
  mechanism: 'auto',
  allowPlaintext: false,
};

// Strongest first.
const mechanisms: Record<SecretKind, readonly Mechanism[]> = {
  password: ['auto', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5', 'PLAIN', 'LOGIN'],
  accessToken: ['auto', 'OAUTHBEARER', 'XOAUTH2'],
};

export function mechanismsFor(secret: SecretKind): readonly Mechanism[] {
  return mechanisms[secret];
}

export function loginOf({ credentials }: Monitor): LoginDraft {
  return credentials
    ? {
        ...noLogin,
        signsIn: true,
        username: credentials.username,
        secret: credentials.accessTokenSet ? 'accessToken' : 'password',
        passwordStored: credentials.passwordSet,
        accessTokenStored: credentials.accessTokenSet,
        mechanism: credentials.mechanism,
        allowPlaintext: credentials.allowPlaintext,
      }
    : noLogin;
}

/** A mechanism that goes with the other kind of secret makes room. */
export function withSecret(draft: MonitorDraft, secret: SecretKind): MonitorDraft {
  const mechanism = mechanisms[secret].includes(draft.mechanism) ? draft.mechanism : 'auto';
  return { ...draft, secret, mechanism };
}

export function credentialsOf(draft: MonitorDraft): MonitorRequest['credentials'] {
  return draft.signsIn
    ? {
        username: draft.username,
        // Left out, the stored one stays.
        password: (draft.secret === 'password' && draft.password) || undefined,
        accessToken: (draft.secret === 'accessToken' && draft.accessToken.trim()) || undefined,
        mechanism: draft.mechanism,
        allowPlaintext: draft.security === 'none' && draft.allowPlaintext,
      }
    : undefined;
}
