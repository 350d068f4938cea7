import type { Location, Mechanism, Monitor, MonitorRequest } from '../../../api/types';
import type { MonitorDraft, Places } from './draft';

/** How a monitor logs in. A secret that is stored is never told; typing replaces it. */
export interface LoginDraft {
  signsIn: boolean;
  username: string;
  secret: SecretKind;
  password: string;
  passwordStored: boolean;
  accessToken: string;
  accessTokenStored: boolean;
  /** By which name the agent's host knows it. */
  localSecret: string;
  mechanism: Mechanism;
  allowPlaintext: boolean;
}

export type SecretKind = 'password' | 'accessToken' | 'local';

export const noLogin: LoginDraft = {
  signsIn: false,
  username: '',
  secret: 'password',
  password: '',
  passwordStored: false,
  accessToken: '',
  accessTokenStored: false,
  localSecret: '',
  mechanism: 'auto',
  allowPlaintext: false,
};

// Strongest first.
const ofPasswords: readonly Mechanism[] = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5', 'PLAIN', 'LOGIN'];
const ofTokens: readonly Mechanism[] = ['OAUTHBEARER', 'XOAUTH2'];
const mechanisms: Record<SecretKind, readonly Mechanism[]> = {
  password: ['auto', ...ofPasswords],
  accessToken: ['auto', ...ofTokens],
  // Of which kind it is, the mechanism says.
  local: ['auto', ...ofPasswords, ...ofTokens],
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
        secret: secretKindOf(credentials),
        localSecret: credentials.localSecret ?? '',
        passwordStored: credentials.passwordSet,
        accessTokenStored: credentials.accessTokenSet,
        mechanism: credentials.mechanism,
        allowPlaintext: credentials.allowPlaintext,
      }
    : noLogin;
}

function secretKindOf(credentials: NonNullable<Monitor['credentials']>): SecretKind {
  if (credentials.localSecret) {
    return 'local';
  }
  return credentials.accessTokenSet ? 'accessToken' : 'password';
}

/** The names that agents at the chosen private places offer. */
export function offeredSecrets(locations: readonly Location[], { locationIds }: Places): string[] {
  const names = locations.filter(({ id }) => locationIds.includes(id)).flatMap(({ localSecrets }) => localSecrets);
  return [...new Set(names)].sort();
}

/** What is wrong with the places for a secret of the agent's host; none where nothing is. */
export function localSecretSentence(
  name: string,
  locations: readonly Location[],
  { allPublic, locationIds }: Places,
): string | undefined {
  const chosen = locations.filter(({ id }) => locationIds.includes(id));
  if (allPublic || chosen.some(({ kind }) => kind === 'public')) {
    return 'Public locations have no secrets of yours: choose private locations only.';
  }
  const missing = chosen.filter(({ localSecrets }) => !localSecrets.includes(name)).map(({ name: place }) => place);
  return name && missing.length > 0
    ? `No agent at ${inAList(missing)} offers ${name} yet: list it in the configuration of one there, as secrets.${name}.`
    : undefined;
}

function inAList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
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
        localSecret: draft.secret === 'local' ? draft.localSecret.trim() : undefined,
        mechanism: draft.mechanism,
        allowPlaintext: draft.security === 'none' && draft.allowPlaintext,
      }
    : undefined;
}
