import { count } from '../../ui/words';

export interface Counted {
  count: number;
  /** There are more than were counted. */
  more: boolean;
}

export interface OverviewFacts {
  error: Counted;
  warning: Counted;
  noData: Counted;
  silentLocations: string[];
}

/** "2 monitors in error, 1 with a warning. Paris is silent." */
export function overviewSentence({ error, warning, noData, silentLocations }: OverviewFacts): string {
  const failing: string[] = [];
  if (error.count > 0) {
    failing.push(`${monitors(error)} in error`);
  }
  if (warning.count > 0) {
    failing.push(error.count > 0 ? `${number(warning)} with a warning` : `${monitors(warning)} with a warning`);
  }
  if (noData.count > 0) {
    failing.push(failing.length > 0 ? `${number(noData)} without data` : `${monitors(noData)} without data`);
  }
  const sentences = [failing.length > 0 ? `${failing.join(', ')}.` : 'Every monitor is OK.'];
  if (silentLocations.length > 0 && silentLocations.length <= 3) {
    sentences.push(`${silentLocations.join(', ')} ${silentLocations.length === 1 ? 'is' : 'are'} silent.`);
  } else if (silentLocations.length > 3) {
    sentences.push(`${silentLocations.length} locations are silent.`);
  }
  return sentences.join(' ');
}

function number({ count: counted, more }: Counted): string {
  return more ? `${counted}+` : String(counted);
}

function monitors(counted: Counted): string {
  return counted.more ? `${counted.count}+ monitors` : count(counted.count, 'monitor');
}
