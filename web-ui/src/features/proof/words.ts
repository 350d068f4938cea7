import type { DomainProof, DomainProofPlace } from '../../api/types';
import { count } from '../../ui/words';

export const proofStateWords = {
  claimed: 'Not proven yet',
  proven: 'Proven',
  lapsed: 'No longer proven',
} satisfies Record<DomainProof['state'], string>;

/** What one place saw. */
export function placeWords(place: DomainProofPlace): string {
  switch (place.answer) {
    case 'waiting':
      return 'Looking …';
    case 'present':
      return 'Sees the record';
    case 'absent':
      return 'Sees no record';
    case 'other':
      return place.more ? 'Sees other values, and more than are shown' : 'Sees another value';
    case 'alias':
      return `The name is an alias of ${place.aliasOf}`;
    case 'unknown':
      return `No answer: ${place.message ?? 'no reason was given'}`;
  }
}

/** What a deletion ends. */
export function lossSentence(proof: DomainProof): string {
  const record = 'The value of its record is worth nothing then: whoever claims the domain again gets another one.';
  if (proof.state !== 'proven') {
    return record;
  }
  return proof.monitors === 0
    ? `Public locations do not log in to its mailboxes or ask for its recipients any more; no monitor needs that now. ${record}`
    : `${count(proof.monitors, 'monitor')} that ${proof.monitors === 1 ? 'logs' : 'log'} in to its mailboxes or ${proof.monitors === 1 ? 'asks' : 'ask'} for its recipients ${proof.monitors === 1 ? 'stops' : 'stop'} at public locations. ${record}`;
}
