import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/client';
import { isGone } from '../../api/problem';
import type { Monitor } from '../../api/types';
import { NotFoundPage } from '../../app/NotFoundPage';
import { AskFirst } from '../../ui/AskFirst';
import {
  IconBolt,
  IconPencil,
  IconPlayerPause,
  IconPlayerPauseFilled,
  IconPlayerPlay,
  IconTrash,
} from '../../ui/icons';
import { LinkButton } from '../../ui/LinkButton';
import { Moment } from '../../ui/Moment';
import { PageHead } from '../../ui/PageHead';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { StatusMark } from '../../ui/StatusMark';
import { millis, period, useNow } from '../../ui/time';
import { count } from '../../ui/words';
import { useMay } from '../identity/session';
import { CertificateDays } from '../result/CertificateDays';
import { Certificates } from '../result/Certificates';
import { FailureFacts } from '../result/FailureFacts';
import { familyTitles, vantageName, vantages } from '../result/families';
import { Runs } from '../result/Runs';
import { Timings } from '../result/Timings';
import { draftOf } from './form/draft';
import { optionSentences } from './form/optionWords';
import classes from './MonitorPage.module.css';
import type { MonitorPageSearch } from './monitorSearch';
import { Places } from './Places';
import { monitorQuery, useDeleteMonitor, usePauseMonitor, useStartMonitorTest } from './queries';
import { SuspendedLogin } from './SuspendedLogin';
import { stateSentence } from './sentences';
import { TestPanel } from './TestPanel';
import { endpoint, familyWords, securityWords, typeWords } from './words';

interface MonitorPageProps {
  monitorId: string;
  search: MonitorPageSearch;
  onSearch: (search: MonitorPageSearch) => void;
}

export function MonitorPage({ monitorId, search, onSearch }: MonitorPageProps) {
  const query = useQuery(monitorQuery(useApi(), monitorId));
  if (query.isPending) {
    return (
      <>
        <PageHead title="Monitor" />
        <div className="pw-loading">
          <Loader aria-label="Loading the monitor" />
        </div>
      </>
    );
  }
  if (query.isError) {
    if (isGone(query.error)) {
      return <NotFoundPage />;
    }
    if (!query.data) {
      return (
        <>
          <PageHead title="Monitor" />
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        </>
      );
    }
  }
  return <LoadedMonitor monitor={query.data} search={search} onSearch={onSearch} />;
}

interface LoadedMonitorProps extends Omit<MonitorPageProps, 'monitorId'> {
  monitor: Monitor;
}

function LoadedMonitor({ monitor, search, onSearch }: LoadedMonitorProps) {
  const may = useMay();
  const navigate = useNavigate();
  const pause = usePauseMonitor(monitor.id);
  const remove = useDeleteMonitor(monitor.id);
  const test = useStartMonitorTest();
  const [deleting, setDeleting] = useState(false);
  const { status } = monitor;
  const range = search.range ?? '1h';
  const asked = optionSentences(draftOf(monitor));
  const seen = vantages(status.locations);

  return (
    <>
      <PageHead
        title={monitor.name}
        mark={monitor.paused ? <PausedMark /> : <StatusMark status={status.status} pill />}
        above={
          <nav aria-label="Breadcrumb" className={classes.crumbs}>
            <Link to="/monitors" className="pw-link">
              Monitors
            </Link>
            {' / '}
            <Link to="/monitors" search={{ component: monitor.componentId }} className="pw-link">
              {monitor.componentName}
            </Link>
          </nav>
        }
        actions={
          may.edit && (
            <>
              <Button
                leftSection={<IconBolt className="pw-icon" aria-hidden />}
                loading={test.isPending}
                onClick={() => test.mutate({ monitorId: monitor.id })}
              >
                Test now
              </Button>
              <Button
                variant="default"
                leftSection={
                  monitor.paused ? (
                    <IconPlayerPlay className="pw-icon" aria-hidden />
                  ) : (
                    <IconPlayerPause className="pw-icon" aria-hidden />
                  )
                }
                loading={pause.isPending}
                onClick={() => pause.mutate(!monitor.paused)}
              >
                {monitor.paused ? 'Resume' : 'Pause'}
              </Button>
              <LinkButton
                to="/monitors/$monitorId/edit"
                params={{ monitorId: monitor.id }}
                variant="default"
                leftSection={<IconPencil className="pw-icon" aria-hidden />}
              >
                Edit
              </LinkButton>
              <Button
                variant="default"
                leftSection={<IconTrash className="pw-icon" aria-hidden />}
                onClick={() => setDeleting(true)}
              >
                Delete
              </Button>
            </>
          )
        }
      >
        <span className="pw-mono">{endpoint(monitor)}</span>
        {` · ${typeWords[monitor.type]}, ${securityWords[monitor.security]}`}
        {monitor.addressFamily !== 'any' && `, ${familyWords[monitor.addressFamily]}`}
        {monitor.credentials && `, signs in as ${monitor.credentials.username}`}
        {' · '}
        <span className="pw-nowrap">every {period(monitor.periodSeconds)}</span>
        {asked.length > 0 && <div className={classes.asked}>{asked.join(' ')}</div>}
      </PageHead>
      <ProblemAlert error={pause.error} title="Not changed" />
      <div className={classes.state} data-status={monitor.paused ? 'NO_DATA' : status.status}>
        <p
          role="status"
          aria-live={status.lastRunAt || monitor.paused ? undefined : 'off'}
          className={classes.sentence}
        >
          <State monitor={monitor} />
        </p>
        {!monitor.paused && status.cause && (
          <FailureFacts failure={status.cause.failure} from={seen.length > 1 ? vantageName(status.cause) : undefined} />
        )}
      </div>
      {status.loginSuspendedSince && (
        <SuspendedLogin
          since={status.loginSuspendedSince}
          secret={
            monitor.credentials?.localSecret ? 'local' : monitor.credentials?.accessTokenSet ? 'token' : 'password'
          }
          mayTest={may.edit}
          testing={test.isPending}
          onTest={() => test.mutate({ monitorId: monitor.id, trySuspendedLogin: true })}
        />
      )}
      <Numbers monitor={monitor} />
      {(test.data || test.error) && (
        <div className={classes.gap}>
          <TestPanel testId={test.data?.id} startError={test.error} />
        </div>
      )}
      <Places monitor={monitor} />
      <Timings monitor={monitor} range={range} onRange={(chosen) => onSearch({ ...search, range: chosen })} />
      <Certificates places={seen} />
      <Runs
        monitor={monitor}
        range={range}
        filter={{ locationId: search.place, addressFamily: search.family, status: search.outcome }}
        onFilter={({ locationId, addressFamily: family, status: outcome }) =>
          onSearch({ ...search, place: locationId, family, outcome })
        }
      />
      <AskFirst
        opened={deleting}
        question={`Delete ${monitor.name}?`}
        act="Delete the monitor"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/monitors' }) })}
        onClose={() => setDeleting(false)}
      >
        <p>
          The monitor of <strong>{endpoint(monitor)}</strong> goes with every run it ever recorded from{' '}
          {count(status.locations.length, 'place')}: timings, transcripts
          {monitor.credentials && !monitor.credentials.localSecret
            ? `, the stored ${monitor.credentials.accessTokenSet ? 'token' : 'password'}`
            : ''}
          . This can't be undone. To stop it for a while, pause it.
        </p>
      </AskFirst>
    </>
  );
}

/** Before the first run it counts down, which nobody wants to hear: nothing is spoken until then. */
function State({ monitor }: { monitor: Monitor }) {
  return <>{stateSentence(monitor, useNow())}</>;
}

function PausedMark() {
  return (
    <span className={classes.paused}>
      <IconPlayerPauseFilled className="pw-icon" aria-hidden />
      Paused
    </span>
  );
}

/** Where a family decides, places are counted over that one. */
function Numbers({ monitor }: { monitor: Monitor }) {
  const { status } = monitor;
  const family = status.cause?.addressFamily;
  // What a place that is silent by now took once is not what the monitor takes.
  const totals = vantages(status.locations).flatMap(({ status: now, totalMillis }) =>
    now === 'NO_DATA' || totalMillis == null ? [] : [totalMillis],
  );
  return (
    <dl className={classes.numbers}>
      <div>
        <dt>Last run</dt>
        <dd>{status.lastRunAt ? <Moment at={status.lastRunAt} /> : 'not yet'}</dd>
      </div>
      <div>
        <dt>Took</dt>
        <dd>{totals.length === 0 ? '–' : span(totals)}</dd>
      </div>
      <div>
        <dt>{family ? `Reporting over ${familyTitles[family]}` : 'Places reporting'}</dt>
        <dd>
          {status.reportingLocations} of {status.locations.length}
        </dd>
      </div>
      <div>
        <dt>{family ? `Failing over ${familyTitles[family]}` : 'Places failing'}</dt>
        <dd>{status.failingLocations}</dd>
      </div>
      <div>
        <dt>Certificate</dt>
        <dd>
          <CertificateDays daysLeft={status.certificateDaysLeft} settings={monitor.certificate} />
        </dd>
      </div>
    </dl>
  );
}

function span(totals: number[]): string {
  const least = millis(Math.min(...totals));
  const most = millis(Math.max(...totals));
  return least === most ? least : `${least} – ${most}`;
}
