import type { Monitor } from '../../api/types';
import { distance, exactTime, period } from '../../ui/time';
import { enumerated } from '../../ui/words';
import { type Vantage, vantages } from '../result/families';
import type { SettledNumbers } from './form/numbers';

/** Why a place has no result yet and when it will have one. */
export function firstRunSentence(monitor: Monitor, place: Vantage, now: Date): string {
  if (monitor.paused) {
    return 'Paused before its first run from here.';
  }
  switch (place.sync) {
    case 'no-agent':
      return place.syncMessage
        ? `${fullStop(place.syncMessage)} The first run follows as soon as an agent runs it.`
        : `${noAgent} The first run follows as soon as one is.`;
    case 'not-proven':
      return fullStop(place.syncMessage ?? notProven);
    case 'rejected':
      return fullStop(`The agent refused this monitor: ${place.syncMessage ?? 'it gave no reason'}`);
    case 'pending':
      return place.syncMessage
        ? `${fullStop(place.syncMessage)}${heardLast(place)} The first run follows at once then.`
        : 'On its way to the agent; the first run follows at once.';
    case 'unknown':
      return `The agent that is to run it is lost${lastHeard(place)}. The first result comes once it is back.`;
    case 'in-sync': {
      const due = place.nextRunAt ? new Date(place.nextRunAt) : now;
      return due > now ? `No data yet: first run ${distance(due, now)}.` : 'No data yet: the first run is under way.';
    }
  }
}

function lastHeard({ agentLostSince }: Vantage): string {
  return agentLostSince ? `, last heard of ${exactTime(new Date(agentLostSince))}` : '';
}

function heardLast({ agentLostSince }: Vantage): string {
  return agentLostSince ? ` It was last heard of ${exactTime(new Date(agentLostSince))}.` : '';
}

/** Why that is, only the controller knows. */
const noAgent = 'No agent here is able to run it.';

const notProven = 'Public locations make this check once its domain is proven to be yours.';

/** What the controller and agents say comes with a full stop or without. */
function fullStop(words: string): string {
  return words.endsWith('.') ? words : `${words}.`;
}

/** So that it may stand behind a colon; what begins with capitals, such as IPv6, keeps them. */
function lowerCased(words: string): string {
  return /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/** How a monitor does. Before its first run that changes by the second, so what was answered a while ago won't do. */
export function stateSentence(monitor: Monitor, now: Date): string {
  if (monitor.paused) {
    return 'Paused: nothing runs until it is resumed.';
  }
  const { lastRunAt, locations, sentence } = monitor.status;
  const [first] = vantages(locations)
    .filter(({ nextRunAt }) => nextRunAt)
    .sort((a, b) => Date.parse(a.nextRunAt ?? '') - Date.parse(b.nextRunAt ?? ''));
  return !lastRunAt && first ? firstRunSentence(monitor, first, now) : sentence;
}

/** What is wrong with the way of a monitor's settings to a place's agent, if anything. */
export function syncSentence(place: Vantage): string | null {
  switch (place.sync) {
    case 'in-sync':
      return null;
    case 'pending':
      return place.syncMessage
        ? `The last change does not run here yet: ${fullStop(lowerCased(place.syncMessage))}${heardLast(place)}`
        : 'The last change is on its way to the agent.';
    case 'unknown':
      return `Its agent is lost${lastHeard(place)}. Whether it still runs here is not known until it is back.`;
    case 'no-agent':
      return `${place.syncMessage ? fullStop(place.syncMessage) : noAgent} Nothing runs.`;
    case 'not-proven':
      return `${fullStop(place.syncMessage ?? notProven)} Nothing runs here.`;
    case 'rejected':
      return `The agent refused the last change: ${place.syncMessage ?? 'it gave no reason'}`;
  }
}

export interface Plan extends SettledNumbers {
  checksCertificate: boolean;
  /** Of the certificate's lifetime; in place of the days. */
  percent?: { warning: number | undefined; error: number | undefined };
  reportOnly: boolean;
  signsIn: boolean;
  /** IPv4 and IPv6, each by itself. */
  bothFamilies: boolean;
  places: string[];
  /** Which places are meant is only known once it is saved. */
  allPublic: boolean;
}

/** What will happen once the monitor is saved. */
export function planSentences(plan: Plan): string[] {
  const sentences = [
    `Runs every ${period(plan.periodSeconds)} from ${placesOf(plan)}${plan.bothFamilies ? ' over IPv4, and as often over IPv6' : ''}${plan.signsIn ? ', signing in' : ''}.`,
  ];
  sentences.push(slownessSentence(plan));
  if (plan.checksCertificate) {
    sentences.push(
      plan.reportOnly ? 'What is wrong with the certificate is only reported.' : certificateSentence(plan),
    );
  }
  if (plan.bothFamilies) {
    sentences.push('IPv4 and IPv6 are judged each by itself; the worse of the two is its status.');
  }
  sentences.push(errorSentence(plan));
  return sentences;
}

function errorSentence({ bothFamilies, places, allPublic }: Plan): string {
  if (places.length > 1 || allPublic) {
    return bothFamilies
      ? 'It is in error while at least half of the places that report a family, and at least two, find that family failing; the only place with a family is enough.'
      : 'It is in error while at least half of the places, and at least two, find it failing.';
  }
  return bothFamilies
    ? 'It is in error while the last run of either failed.'
    : 'It is in error while its last run failed.';
}

function slownessSentence({ timeoutSeconds, warningSeconds, errorSeconds }: Plan): string {
  const error = errorSeconds > 0 ? `takes ${errorSeconds} s` : `is not done after ${timeoutSeconds} s`;
  return warningSeconds > 0
    ? `A run that takes ${warningSeconds} s is a warning, one that ${error} an error.`
    : `A run that ${error} is an error.`;
}

function certificateSentence({ warningDays, errorDays, percent }: Plan): string {
  if (percent) {
    const error = percent.error ? `an error from ${percent.error} %` : 'an error once it has ended';
    return percent.warning
      ? `The certificate warns with ${percent.warning} % of its lifetime left and is ${error}.`
      : `The certificate is ${error}${percent.error ? ' of its lifetime left' : ''}.`;
  }
  const warning = warningDays > 0 ? `warns ${days(warningDays)} before it ends and ` : '';
  const error = errorDays === 0 ? 'once it has ended' : `from ${days(errorDays)}${warning ? '' : ' before it ends'}`;
  return `The certificate ${warning}is an error ${error}.`;
}

function placesOf({ places, allPublic }: Plan): string {
  const named = places.length <= 3 ? enumerated(places) : `${places.length} places`;
  if (!allPublic) {
    if (places.length === 0) {
      return 'nowhere yet';
    }
    return places.length <= 3 ? `${places.length} ${places.length === 1 ? 'place' : 'places'} (${named})` : named;
  }
  return places.length === 0 ? 'all public places' : `all public places and ${named}`;
}

function days(number: number): string {
  return `${number} ${number === 1 ? 'day' : 'days'}`;
}
