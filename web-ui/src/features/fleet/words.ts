import type { Agent, EnrolmentToken, Location } from '../../api/types';

export const locationStateWords: Record<Location['state'], string> = {
  'no-agent': 'no agent',
  'never-connected': 'never connected',
  online: 'online',
  silent: 'silent',
  'in-maintenance': 'in maintenance',
};

export const agentStateWords: Record<Agent['state'], string> = {
  'awaiting-approval': 'Waits for approval',
  'never-connected': 'Never connected',
  online: 'Online',
  offline: 'Lost',
  cloned: 'Locked: two copies',
  refused: 'Refused',
  revoked: 'Revoked',
};

export const tokenStateWords: Record<EnrolmentToken['state'], string> = {
  usable: 'Usable',
  used: 'Used up',
  expired: 'Expired',
  revoked: 'Revoked',
};

type Copies = NonNullable<Agent['identity']['copies']>;

export const cloneSignWords: Record<Copies['sign'], string> = {
  'older-certificate': 'one of them holds an older certificate than another has used since',
  'other-certificate': 'they hold different certificates of one generation',
  'two-processes': 'two processes took turns with its identity',
};
