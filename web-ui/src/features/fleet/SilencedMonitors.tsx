import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/client';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { count } from '../../ui/words';
import { useMay } from '../identity/session';
import { monitorsAtQuery } from './queries';
import classes from './SilencedMonitors.module.css';
import { named, silencedBy } from './silenced';

/** Which monitors go silent where a location no longer runs anything, before somebody makes it so. */
export function SilencedMonitors({ locationId }: { locationId: string }) {
  // Whose monitors run at a public location is their tenants' business.
  return useMay().operate ? (
    <p className={classes.silenced}>Every tenant&rsquo;s checks from here stop; those from other places go on.</p>
  ) : (
    <OwnMonitors locationId={locationId} />
  );
}

function OwnMonitors({ locationId }: { locationId: string }) {
  const monitors = useQuery(monitorsAtQuery(useApi(), locationId));
  if (monitors.isPending) {
    return <Loader size="sm" aria-label="Looking which monitors this concerns" />;
  }
  if (monitors.isError) {
    return <ProblemAlert error={monitors.error} onRetry={() => void monitors.refetch()} />;
  }
  const { everywhere, here } = silencedBy(locationId, monitors.data);
  if (everywhere.length + here.length === 0) {
    return <p className={classes.silenced}>No monitor runs from here.</p>;
  }
  return (
    <ul className={classes.silenced}>
      {everywhere.length > 0 && (
        <li>
          <strong>{count(everywhere.length, 'monitor')} will have no data at all</strong>, since no other place has any:{' '}
          {named(everywhere)}.
        </li>
      )}
      {here.length > 0 && (
        <li>
          {count(here.length, 'monitor')} {here.length === 1 ? 'goes' : 'go'} on from other places: {named(here)}.
        </li>
      )}
    </ul>
  );
}
