import { Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { LocationStatus } from '../../api/types';
import { StatusIcon, statusWords } from '../../ui/StatusMark';
import classes from './LocationDots.module.css';

const mostDots = 8;

/** A dot per location, each status with a shape of its own; names and sentences on hover and focus. */
export function LocationDots({ locations }: { locations: LocationStatus[] }) {
  const [open, setOpen] = useState(false);
  if (locations.length === 0) {
    return <span className="pw-dimmed">none</span>;
  }
  return (
    <button
      type="button"
      className={classes.dots}
      aria-label={locations.map(({ locationName, status }) => `${locationName}: ${statusWords[status]}`).join(', ')}
      onMouseEnter={() => setOpen(true)}
      onMouseLeave={() => setOpen(false)}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
      onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
    >
      {locations.slice(0, mostDots).map(({ locationId, status }) => (
        <span key={locationId} className={classes.dot} data-status={status} />
      ))}
      {locations.length > mostDots && <span className={classes.more}>+{locations.length - mostDots}</span>}
      {/* Made only when looked at: a list of a thousand rows has a thousand of these. */}
      {open && (
        <Tooltip opened multiline maw={380} label={<Names locations={locations} />}>
          <span className={classes.anchor} />
        </Tooltip>
      )}
    </button>
  );
}

function Names({ locations }: { locations: LocationStatus[] }) {
  return (
    <span className={classes.names}>
      {locations.map(({ locationId, locationName, status, sentence }) => (
        <span key={locationId}>
          <StatusIcon status={status} /> <strong>{locationName}</strong> {sentence}
        </span>
      ))}
    </span>
  );
}
