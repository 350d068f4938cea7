import { Link } from '@tanstack/react-router';
import type { Monitor } from '../../api/types';
import { IconAlertTriangleFilled, IconHourglass, IconPlugConnectedX, IconServer } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { Panel } from '../../ui/Panel';
import { StatusMark } from '../../ui/StatusMark';
import { exactTime, millis, useNow } from '../../ui/time';
import { familyTitles, type Vantage, vantages } from '../result/families';
import { PhaseBar, PhaseLegend } from '../result/PhaseBar';
import classes from './Places.module.css';
import { firstRunSentence, syncSentence } from './sentences';

/** The last result of each place in a sentence; where both address families are checked, of each of them. */
export function Places({ monitor }: { monitor: Monitor }) {
  const places = vantages(monitor.status.locations);
  const longest = Math.max(0, ...places.map(({ totalMillis }) => totalMillis ?? 0));
  const phases = places.flatMap(({ lastResult }) => lastResult?.phases.map(({ name }) => name) ?? []);
  return (
    <Panel title="Now, from each place" hint={phases.length > 0 ? <PhaseLegend names={phases} /> : undefined} flush>
      {places.length === 0 && (
        <p className={classes.none}>
          No place runs this monitor.{' '}
          <Link to="/monitors/$monitorId/edit" params={{ monitorId: monitor.id }} className="pw-link pw-underlined">
            Edit it
          </Link>{' '}
          and choose at least one location; where there is none,{' '}
          <Link to="/locations" className="pw-link pw-underlined">
            add one
          </Link>{' '}
          with an agent.
        </p>
      )}
      <ul className={classes.places}>
        {places.map((place) => (
          <Place key={`${place.locationId} ${place.addressFamily}`} monitor={monitor} place={place} longest={longest} />
        ))}
      </ul>
    </Panel>
  );
}

function Place({ monitor, place, longest }: { monitor: Monitor; place: Vantage; longest: number }) {
  const sync = place.lastRunAt && !place.silentSince ? syncSentence(place) : null;
  const SyncIcon = syncIcons[place.sync];
  return (
    <li className={classes.place}>
      <div className={classes.name}>
        <Link to="/locations/$locationId" params={{ locationId: place.locationId }} className={classes.link}>
          {place.locationName}
        </Link>
        {place.addressFamily && <span className={classes.family}> {familyTitles[place.addressFamily]}</span>}
        {place.agentName && !monitor.paused && (
          <div className={classes.agent}>
            <IconServer className="pw-icon" role="img" aria-label="Agent" /> {place.agentName}
            {place.agentLostSince && ' (lost)'}
          </div>
        )}
      </div>
      <div className={classes.status}>
        <StatusMark status={place.status} />
      </div>
      <div className={classes.words}>
        <Words monitor={monitor} place={place} />
        {sync && !monitor.paused && (
          <div className={classes.sync} data-sync={place.sync}>
            <SyncIcon className="pw-icon" aria-hidden /> {sync}
          </div>
        )}
        {place.lastResult && !place.silentSince && (
          <div className={classes.bar}>
            <PhaseBar phases={place.lastResult.phases} longest={longest} />
          </div>
        )}
      </div>
      <div className={classes.numbers}>
        {place.totalMillis != null && !place.silentSince && <strong>{millis(place.totalMillis)}</strong>}
        {place.lastRunAt && (
          <span className="pw-dimmed">
            <Moment at={place.lastRunAt} />
          </span>
        )}
      </div>
    </li>
  );
}

const syncIcons = {
  'in-sync': IconHourglass,
  pending: IconHourglass,
  unknown: IconPlugConnectedX,
  'no-agent': IconAlertTriangleFilled,
  'not-proven': IconAlertTriangleFilled,
  rejected: IconAlertTriangleFilled,
} satisfies Record<Vantage['sync'], unknown>;

/** At a silent place what was found last holds no longer. */
function Words({ monitor, place }: { monitor: Monitor; place: Vantage }) {
  if (place.silentSince && !monitor.paused) {
    return (
      <>
        No data: no agent has reported since {exactTime(new Date(place.silentSince))} (<Moment at={place.silentSince} />
        ).
      </>
    );
  }
  if (place.lastRunAt && place.sync === 'unknown' && place.status === 'NO_DATA' && !monitor.paused) {
    // What the controller says of it is what is said below, in its own time zone.
    return <>No data.</>;
  }
  return place.lastRunAt ? place.sentence : <FirstRun monitor={monitor} place={place} />;
}

function FirstRun({ monitor, place }: { monitor: Monitor; place: Vantage }) {
  return <>{firstRunSentence(monitor, place, useNow())}</>;
}
