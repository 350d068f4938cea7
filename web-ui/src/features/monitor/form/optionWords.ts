import { count, enumerated } from '../../../ui/words';
import { phaseWord } from '../../result/phases';
import { stopWords } from '../words';
import type { MonitorDraft } from './draft';
import { settled } from './numbers';
import { folderOf, limitsOf, type PhaseLimit, recipientOf, stopAfterOf } from './options';
import { certificatesIn } from './pem';

/** What is set about the certificate, in a few words. */
export function certificateWords(draft: MonitorDraft): string {
  const parts = [
    draft.reportOnly && 'only reported',
    draft.pin.trim() && 'pinned',
    draft.expectedName.trim() && `for ${draft.expectedName.trim()}`,
    draft.serverName.trim() && `asked for as ${draft.serverName.trim()}`,
    certificatesIn(draft.trustAnchors) > 0 && 'own authority',
  ].filter(Boolean);
  return [thresholdWords(draft), ...parts].join(', ');
}

function thresholdWords(draft: MonitorDraft): string {
  if (draft.lifetime === 'percent') {
    const said = [draft.warningPercent, draft.errorPercent].filter((each) => each !== undefined);
    return said.length > 0 ? `${said.map((each) => `${each} %`).join(' and ')} of its lifetime` : 'no threshold yet';
  }
  const { warningDays, errorDays } = settled(draft);
  return warningDays > 0 ? `${warningDays} and ${count(errorDays, 'day')} before its end` : count(errorDays, 'day');
}

/** What the server must say, in a few words. */
export function expectationWords(draft: MonitorDraft): string {
  const parts = [
    draft.greetingContains.trim() && `“${draft.greetingContains.trim()}”`,
    ...draft.capabilities,
    draft.security !== 'none' && draft.minimumTls && `TLS ${draft.minimumTls}`,
  ].filter((each) => each !== '' && each !== null && each !== false);
  return parts.length > 0 ? parts.join(', ') : 'nothing beyond the protocol';
}

/** How far a run goes, in a few words. */
export function reachWords(draft: MonitorDraft): string {
  const stop = stopAfterOf(draft);
  const recipient = recipientOf(draft);
  const folder = folderOf(draft);
  if (recipient) {
    return `asks about ${recipient}`;
  }
  if (folder) {
    return `opens ${folder}`;
  }
  return stop ? `stops after ${stopWords[stop]}` : draft.signsIn ? 'to the login' : 'to the capabilities';
}

/** What is asked for beyond the defaults, for the plan. */
export function optionSentences(draft: MonitorDraft): string[] {
  const stop = stopAfterOf(draft);
  const recipient = recipientOf(draft);
  const folder = folderOf(draft);
  const expects = expectationsOf(draft);
  const encrypts = draft.security !== 'none';
  return [
    ...limitsOf(draft).map(limitSentence),
    encrypts && draft.pin.trim() !== '' && 'Only the pinned certificate is right, whoever signed it.',
    expects.length > 0 && `It is an error unless ${enumerated(expects)}.`,
    recipient && `It asks whether mail to ${recipient} is taken, and sends none.`,
    folder && `It opens the folder ${folder} to read.`,
    stop && stop !== 'auth' && !recipient && !folder && `It ends after ${stopWords[stop]}.`,
  ].filter((sentence) => typeof sentence === 'string' && sentence !== '') as string[];
}

function limitSentence({ phase, warningSeconds, errorSeconds }: PhaseLimit): string {
  const limits = [
    warningSeconds && `a warning from ${warningSeconds} s`,
    errorSeconds && `an error from ${errorSeconds} s`,
  ].filter(Boolean);
  return limits.length > 0 ? `${phaseWord(phase)} is ${limits.join(' and ')}.` : '';
}

function expectationsOf(draft: MonitorDraft): string[] {
  const greeting = draft.greetingContains.trim();
  return [
    greeting !== '' && `the greeting contains “${greeting}”`,
    draft.capabilities.length > 0 &&
      `${enumerated(draft.capabilities)} ${draft.capabilities.length === 1 ? 'is' : 'are'} offered`,
    draft.security !== 'none' && draft.minimumTls && `TLS ${draft.minimumTls} or newer is spoken`,
  ].filter((each) => typeof each === 'string');
}
