import type { AuditEntry } from '../src/api/types';
import { paged } from './sample-answers.ts';
import { iso, started, uuid } from './sample-basics.ts';

type Seed = [act: string, title: string, subject: string, details?: AuditEntry['details'], actor?: AuditEntry['actor']];

const hour = 3_600_000;
const office: AuditEntry['actor'] = { kind: 'agent', id: uuid(5, 7), name: 'office-1' };
const configuration: AuditEntry['actor'] = { kind: 'controller', name: 'configuration' };

const seeds: Seed[] = [
  ['user.signed-in', 'Signed in', 'ada@example.com'],
  [
    'monitor.changed',
    'Changed the monitor …',
    'Submission',
    { targetBefore: 'smtp mail.example.com:25', target: 'smtp mail.example.com:587' },
  ],
  ['monitor.credential-changed', 'Changed the credential of the monitor …', 'Submission'],
  ['agent.revoked', 'Revoked the agent …', 'old-laptop', { location: 'Head office' }],
  ['agent.renamed', 'Renamed an agent to …', 'office-1', { location: 'Head office', nameBefore: 'debian' }],
  ['agent.enrolled', 'Enrolled as the agent …', 'office-1', { location: 'Head office', token: 'pwe_Zk3vQm' }, office],
  ['enrolment-token.created', 'Made the enrolment token …', 'pwe_Zk3vQm', { location: 'Head office', uses: '1' }],
  ['location.created', 'Made the location …', 'Head office'],
  ['user.sign-in-failed', 'Failed to sign in', 'ada@example.com'],
  ['tenant.set-up', 'Set up …', 'Example GmbH', { owner: 'ada@example.com' }, configuration],
];

const entries: AuditEntry[] = seeds.map(([act, title, subject, details = {}, actor], index) => ({
  id: uuid(10, index),
  at: iso(started - index * index * hour),
  actor: actor ?? { kind: 'user', id: uuid(9, 1), name: 'ada@example.com' },
  act,
  sentence: title.replace('…', subject),
  subject: { kind: act.split('.')[0] ?? '', id: uuid(11, index), name: subject },
  details,
  ...(actor ? {} : { address: index % 2 ? '192.0.2.7' : '2001:db8::7' }),
}));

export function routeAudit(part: string | undefined, query: URLSearchParams): unknown {
  if (part === 'acts') {
    return { items: seeds.map(([code, title]) => ({ code, title })) };
  }
  const acts = query.getAll('act');
  const [actor, subject] = ['actor', 'subject'].map((name) => (query.get(name) ?? '').toLowerCase());
  const names = (wanted: string | undefined, { id, name }: { id?: string; name: string }) =>
    !wanted || id === wanted || name.toLowerCase().includes(wanted);
  return paged(
    entries.filter(
      (entry) =>
        (acts.length === 0 || acts.includes(entry.act)) &&
        names(actor, entry.actor) &&
        names(subject, entry.subject) &&
        entry.at >= (query.get('from') ?? '') &&
        entry.at < (query.get('to') ?? '9'),
    ),
    query,
  );
}
