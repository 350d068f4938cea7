import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/client';
import type { MonitorTestOutcome } from '../../api/types';
import { IconAlertTriangleFilled } from '../../ui/icons';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { StatusMark } from '../../ui/StatusMark';
import { millis } from '../../ui/time';
import { count } from '../../ui/words';
import { vantageNames } from '../result/families';
import { PhaseBar, PhaseLegend } from '../result/PhaseBar';
import { ResultDetail } from '../result/ResultDetail';
import { monitorTestQuery } from './queries';
import classes from './TestPanel.module.css';

/** A test's outcomes per place, filling up while it runs. */
export function TestPanel({ testId, startError }: { testId: string | undefined; startError: unknown }) {
  const test = useQuery(monitorTestQuery(useApi(), testId));
  const outcomes = test.data?.outcomes ?? [];
  const results = outcomes.flatMap(({ result }) => (result ? [result] : []));
  const longest = Math.max(0, ...results.map((result) => result.totalMillis));
  const nameOf = vantageNames(outcomes, 'any');
  // The places mostly fail alike: one of them opened says it.
  const firstBad = outcomes.find(({ result }) => result && result.status !== 'OK');
  return (
    <Panel title="Test" hint={<span aria-live="polite">{progressOf(outcomes)}</span>}>
      <ProblemAlert error={startError ?? test.error} title="The test was not done" />
      {!startError && !test.error && outcomes.length === 0 && <Loader size="sm" aria-label="Starting the test" />}
      {results.length > 0 && <PhaseLegend names={results.flatMap((result) => result.phases.map(({ name }) => name))} />}
      <ul className={classes.outcomes}>
        {outcomes.map((outcome) => (
          <li key={`${outcome.locationId} ${outcome.addressFamily}`}>
            <Outcome outcome={outcome} name={nameOf(outcome)} longest={longest} opened={outcome === firstBad} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** "1 of 2 places has answered." */
export function progressOf(outcomes: readonly MonitorTestOutcome[]): string {
  if (outcomes.length === 0) {
    return 'Starting …';
  }
  // A place has two outcomes where both address families are tried.
  const places = new Set(outcomes.map(({ locationId }) => locationId)).size;
  const placesBut = (left: (outcome: MonitorTestOutcome) => boolean) =>
    places - new Set(outcomes.filter(left).map(({ locationId }) => locationId)).size;
  const ended = placesBut(({ state }) => state !== 'done' && state !== 'failed');
  if (ended < places) {
    return `${ended} of ${count(places, 'place')} ${ended === 1 ? 'has' : 'have'} answered …`;
  }
  const good = placesBut(({ result }) => result?.status !== 'OK');
  return good === places ? `Good from ${count(good, 'place')}.` : `Good from ${good} of ${count(places, 'place')}.`;
}

interface OutcomeProps {
  outcome: MonitorTestOutcome;
  name: string;
  longest: number;
  opened: boolean;
}

function Outcome({ outcome, name, longest, opened }: OutcomeProps) {
  const { result } = outcome;
  if (!result) {
    const failed = outcome.state === 'failed';
    return (
      <div className={classes.head}>
        <strong className={classes.place}>{name}</strong>
        {failed ? (
          <span className={classes.failed}>
            <IconAlertTriangleFilled className="pw-icon" aria-hidden /> {outcome.message ?? 'No agent could run it.'}
          </span>
        ) : (
          <span className={classes.waiting}>
            <Loader size={14} aria-hidden />
            {outcome.state === 'running' ? 'Running …' : 'Waiting for an agent …'}
          </span>
        )}
      </div>
    );
  }
  return (
    <details className={classes.outcome} open={opened}>
      <summary className={classes.summary}>
        <span className={classes.head}>
          <strong className={classes.place}>{name}</strong>
          <StatusMark status={result.status} />
          <span className={classes.sentence}>{result.sentence}</span>
          <span className={`pw-number ${classes.total}`}>{millis(result.totalMillis)}</span>
        </span>
        <PhaseBar phases={result.phases} longest={longest} />
      </summary>
      <div className={classes.detail}>
        <ResultDetail result={result} />
      </div>
    </details>
  );
}
