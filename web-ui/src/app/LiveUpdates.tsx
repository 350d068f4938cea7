import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, createInvalidator, listenToEvents, staleAfter } from '../api/events';
import { currentTenant, useSession } from '../features/identity/session';
import classes from './LiveUpdates.module.css';

const words: Record<Connection, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  broken: 'Connection lost, trying again',
};

/** Keeps every page current while it is shown, and says whether it is. */
export function LiveUpdates() {
  const queryClient = useQueryClient();
  const tenantId = currentTenant(useSession())?.id;
  const [connection, setConnection] = useState<Connection>('connecting');

  useEffect(() => {
    if (!tenantId || typeof EventSource === 'undefined') {
      return undefined;
    }
    const url = new URL(`api/v1/events?tenant=${encodeURIComponent(tenantId)}`, document.baseURI).href;
    const invalidator = createInvalidator(queryClient);
    let wasBroken = false;
    const stop = listenToEvents(url, (news) => {
      if (news.kind === 'changed') {
        invalidator.stale(staleAfter(news.event));
        return;
      }
      setConnection(news.connection);
      if (news.connection === 'broken') {
        wasBroken = true;
        // A refusal because the session ended looks like a cut; asking shows which it was.
        void queryClient.invalidateQueries({ queryKey: ['session'] });
      } else if (news.connection === 'live' && wasBroken) {
        wasBroken = false;
        invalidator.stale([[]]);
      }
    });
    return () => {
      stop();
      invalidator.stop();
    };
  }, [queryClient, tenantId]);

  return (
    <div className={classes.live} data-connection={connection} role="status">
      <span className={classes.dot} aria-hidden />
      {words[connection]}
    </div>
  );
}
