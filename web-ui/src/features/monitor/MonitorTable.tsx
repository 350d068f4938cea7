import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { Monitor, MonitorSort } from '../../api/types';
import {
  IconChevronDown,
  IconChevronUp,
  IconLock,
  IconLockOpen,
  IconPlayerPauseFilled,
  IconSelector,
} from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { StatusMark } from '../../ui/StatusMark';
import { CertificateDays } from '../result/CertificateDays';
import { LocationDots } from './LocationDots';
import { nextSort } from './listSearch';
import classes from './MonitorTable.module.css';
import { endpoint, securityWords, typeWords } from './words';

interface MonitorTableProps {
  monitors: Monitor[];
  sort: MonitorSort | undefined;
  onSort: (sort: MonitorSort | undefined) => void;
  busy: boolean;
}

export function MonitorTable({ monitors, sort, onSort, busy }: MonitorTableProps) {
  const head = (column: 'name' | 'host' | 'status', label: string) => (
    <SortHead column={column} sort={sort} onSort={onSort}>
      {label}
    </SortHead>
  );
  return (
    <div className="pw-table-scroll">
      <table className={`pw-table ${classes.table}`} aria-busy={busy}>
        <thead>
          <tr>
            {head('status', 'Status')}
            {head('name', 'Name')}
            {head('host', 'Host')}
            <th scope="col" className={classes.wide}>
              Type
            </th>
            <th scope="col">Places</th>
            <th scope="col" className={`pw-end ${classes.wide}`}>
              Certificate
            </th>
            <th scope="col" className={`pw-end ${classes.wide}`}>
              Last run
            </th>
          </tr>
        </thead>
        <tbody>
          {monitors.map((monitor) => (
            <MonitorRow key={monitor.id} monitor={monitor} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SortHeadProps {
  column: 'name' | 'host' | 'status';
  sort: MonitorSort | undefined;
  onSort: (sort: MonitorSort | undefined) => void;
  children: ReactNode;
}

function SortHead({ column, sort, onSort, children }: SortHeadProps) {
  const applied = sort ?? 'status';
  const direction = applied === column ? 'ascending' : applied === `-${column}` ? 'descending' : 'none';
  const Icon = direction === 'ascending' ? IconChevronUp : direction === 'descending' ? IconChevronDown : IconSelector;
  return (
    <th scope="col" aria-sort={direction} className={column === 'host' ? classes.host : undefined}>
      <button
        type="button"
        className={classes.sort}
        data-on={direction !== 'none' || undefined}
        onClick={() => onSort(nextSort(sort, column))}
      >
        {children}
        <Icon className="pw-icon" aria-hidden />
      </button>
    </th>
  );
}

// A thousand rows are only drawn again where the monitor changed: the cache keeps unchanged ones identical.
const MonitorRow = memo(function MonitorRow({ monitor }: { monitor: Monitor }) {
  const { status } = monitor;
  const encrypted = monitor.security !== 'none';
  const Lock = encrypted ? IconLock : IconLockOpen;
  return (
    <tr className={`pw-hover ${classes.row}`}>
      <td className={classes.status}>
        {monitor.paused ? (
          <span className={classes.paused}>
            <IconPlayerPauseFilled className="pw-icon" aria-hidden />
            Paused
          </span>
        ) : (
          <StatusMark status={status.status} />
        )}
      </td>
      <td className={classes.name}>
        <Link to="/monitors/$monitorId" params={{ monitorId: monitor.id }} className={classes.link}>
          {monitor.name}
        </Link>
        <span className={classes.under}>
          <Endpoint monitor={monitor} />
          {status.lastRunAt && (
            <span className={classes.underTime}>
              <Moment at={status.lastRunAt} />
            </span>
          )}
        </span>
      </td>
      <td className={`pw-mono ${classes.host}`}>
        <Endpoint monitor={monitor} />
      </td>
      <td className={`pw-nowrap ${classes.wide}`}>
        {typeWords[monitor.type]}{' '}
        <span className="pw-dimmed">
          <Lock className="pw-icon" aria-hidden /> {securityWords[monitor.security]}
        </span>
      </td>
      <td>
        <LocationDots locations={status.locations} />
      </td>
      <td className={`pw-end ${classes.wide}`}>
        <CertificateDays daysLeft={status.certificateDaysLeft} settings={monitor.certificate} />
      </td>
      <td className={`pw-end pw-dimmed pw-number ${classes.wide}`}>
        {status.lastRunAt ? <Moment at={status.lastRunAt} /> : monitor.paused ? '–' : 'not yet'}
      </td>
    </tr>
  );
});

/** Where it doesn't fit in a line, the port goes to the next as a whole. */
function Endpoint({ monitor }: { monitor: Monitor }) {
  const text = endpoint(monitor);
  const colon = text.lastIndexOf(':');
  return (
    <>
      {text.slice(0, colon)}
      <wbr />
      {text.slice(colon)}
    </>
  );
}
