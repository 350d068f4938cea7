import type { MonitorCounts } from '../../api/types';
import { count } from '../../ui/words';

/** "2 of 48 monitors in error, 1 with a warning. 3 are paused. Paris is silent." */
export function overviewSentence(counts: MonitorCounts, silentLocations: readonly string[]): string {
  const { error, warning, noData, ok, paused } = counts;
  const running = error + warning + noData + ok;
  const troubles = [
    [error, 'in error'],
    [warning, 'with a warning'],
    [noData, 'without data'],
  ] as const;
  const told = troubles
    .filter(([number]) => number > 0)
    .map(([number, words], index) => `${index === 0 ? `${number} of ${count(running, 'monitor')}` : number} ${words}`);
  const sentences: string[] = [];
  if (told.length > 0) {
    sentences.push(`${told.join(', ')}.`);
  } else if (running > 0) {
    sentences.push(paused > 0 ? 'Every monitor that runs is OK.' : 'Every monitor is OK.');
  }
  if (paused > 0) {
    sentences.push(running === 0 ? 'Every monitor is paused.' : `${paused} ${paused === 1 ? 'is' : 'are'} paused.`);
  }
  if (silentLocations.length > 0 && silentLocations.length <= 3) {
    sentences.push(`${silentLocations.join(', ')} ${silentLocations.length === 1 ? 'is' : 'are'} silent.`);
  } else if (silentLocations.length > 3) {
    sentences.push(`${silentLocations.length} locations are silent.`);
  }
  return sentences.join(' ');
}
