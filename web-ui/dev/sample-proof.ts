import type { DomainProof } from '../src/api/types';
import { editable, found } from './sample-answers.ts';
import { day, iso, nextNumber, started, uuid } from './sample-basics.ts';
import { locations } from './sample-data.ts';

function aProof(number: number, domain: string, more: Partial<DomainProof>): DomainProof {
  return {
    id: uuid(11, number),
    domain,
    recordName: `_postwatch-challenge.${domain}`,
    recordValue: `postwatch-domain-verification=Zm9yIGxvb2tpbmcgYXQgaXQgb25seSAgICA${number}`,
    state: 'claimed',
    checking: false,
    sentence: 'Nobody has looked for the record yet: publish it, then check.',
    claimedAt: iso(started - day),
    nextCheckAt: iso(started + day / 144),
    monitors: 0,
    places: [],
    ...more,
  };
}

export const proofs: DomainProof[] = [
  aProof(1, 'example.com', {
    state: 'proven',
    sentence: 'Proven: public locations log in to its mailboxes and ask for its recipients.',
    provenAt: iso(started - 20 * day),
    checkedAt: iso(started - day / 8),
    seenAt: iso(started - day / 8),
    monitors: 3,
    places: saw('present'),
  }),
  aProof(2, 'example.net', {
    sentence: 'There is a record with another value: it has to be exactly the one shown here.',
    checkedAt: iso(started - day / 300),
    places: saw('other'),
  }),
];

function saw(answer: DomainProof['places'][number]['answer']): DomainProof['places'] {
  return locations
    .filter(({ kind }) => kind === 'public')
    .map(({ id, name }) => ({
      locationId: id,
      locationName: name,
      answer,
      texts: answer === 'other' ? ['postwatch-domain-verification=of-another-organisation'] : [],
      more: false,
    }));
}

export function routeProofs(method: string, id: string | undefined, part: string | undefined, body: unknown): unknown {
  if (!id && method === 'POST') {
    const made = aProof(nextNumber(), (body as { domain: string }).domain, { claimedAt: iso(Date.now()) });
    proofs.push(made);
    return made;
  }
  if (id && part === 'check') {
    return Object.assign(found(proofs, id), {
      checkedAt: iso(Date.now()),
      sentence: 'The record was not found: DNS servers may remember for an hour or more that it was not there.',
      state: 'claimed',
      places: saw('absent'),
    });
  }
  return editable(proofs, method, id, {});
}
