import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../../api/client';
import { isGone } from '../../../api/problem';
import { NotFoundPage } from '../../../app/NotFoundPage';
import { newKey } from '../../../ui/newKey';
import { PageHead } from '../../../ui/PageHead';
import { ProblemAlert } from '../../../ui/ProblemAlert';
import { vantageName, vantages } from '../../result/families';
import { monitorQuery, useCreateMonitor, useUpdateMonitor } from '../queries';
import { draftOf, newDraft, requestOf } from './draft';
import { MonitorForm } from './MonitorForm';

export function AddMonitorPage() {
  const navigate = useNavigate();
  const create = useCreateMonitor();
  // One key per form: sending it twice makes one monitor.
  const [idempotencyKey, setIdempotencyKey] = useState(newKey);
  return (
    <>
      <PageHead title="Add a monitor">A host is all that is needed; everything else has a good default.</PageHead>
      <MonitorForm
        initial={newDraft()}
        saving={create.isPending}
        error={create.error}
        saveLabel="Save monitor"
        onSave={(draft) =>
          create.mutate(
            { body: requestOf(draft), idempotencyKey },
            {
              onSuccess: ({ id }) => void navigate({ to: '/monitors/$monitorId', params: { monitorId: id } }),
              onError: () => setIdempotencyKey(newKey()),
            },
          )
        }
      />
    </>
  );
}

export function EditMonitorPage({ monitorId }: { monitorId: string }) {
  const navigate = useNavigate();
  const query = useQuery(monitorQuery(useApi(), monitorId));
  const update = useUpdateMonitor(monitorId);
  // The form keeps what it began with, whatever events bring meanwhile; the revision then tells of the conflict.
  const [begun, setBegun] = useState(query.data);
  if (!begun && query.data) {
    setBegun(query.data);
  }
  if (isGone(query.error)) {
    return <NotFoundPage />;
  }
  if (!begun) {
    return (
      <>
        <PageHead title="Edit the monitor" />
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loader aria-label="Loading the monitor" />
        )}
      </>
    );
  }
  return (
    <>
      <PageHead
        title={`Edit ${begun.name}`}
        above={
          <Link to="/monitors/$monitorId" params={{ monitorId }} className="pw-link">
            ← Back to the monitor
          </Link>
        }
      />
      <MonitorForm
        key={begun.revision}
        monitorId={monitorId}
        initial={draftOf(begun)}
        seen={
          query.data &&
          vantages(query.data.status.locations).map((place) => ({
            place: vantageName(place),
            result: place.lastResult,
          }))
        }
        saving={update.isPending}
        error={update.error}
        saveLabel="Save changes"
        onReload={() => {
          update.reset();
          void query.refetch().then(({ data }) => data && setBegun(data));
        }}
        onSave={(draft) =>
          update.mutate(
            { body: requestOf(draft), revision: begun.revision },
            { onSuccess: () => void navigate({ to: '/monitors/$monitorId', params: { monitorId } }) },
          )
        }
      />
    </>
  );
}
