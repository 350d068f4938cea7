import type { Agent, EnrolmentToken, Location } from '../../api/types';

export const locationStateWords: Record<Location['state'], string> = {
  'no-agent': 'no agent',
  'never-connected': 'never connected',
  online: 'online',
  silent: 'silent',
  'in-maintenance': 'in maintenance',
};

export const agentStateWords: Record<Agent['state'], string> = {
  'never-connected': 'Never connected',
  online: 'Online',
  offline: 'Lost',
  revoked: 'Revoked',
};

export const tokenStateWords: Record<EnrolmentToken['state'], string> = {
  usable: 'Usable',
  used: 'Used up',
  expired: 'Expired',
  revoked: 'Revoked',
};
