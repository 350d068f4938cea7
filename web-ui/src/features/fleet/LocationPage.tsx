import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/client';
import { isGone } from '../../api/problem';
import type { Agent, Location } from '../../api/types';
import { NotFoundPage } from '../../app/NotFoundPage';
import { EmptyState } from '../../ui/EmptyState';
import { IconPencil, IconPlus, IconServer, IconTrash, IconWorld } from '../../ui/icons';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { exactTime } from '../../ui/time';
import { count } from '../../ui/words';
import { useMay } from '../identity/session';
import { AgentCard } from './AgentCard';
import { countryName } from './countries';
import { DeleteLocation } from './DeleteLocation';
import { EnrolAgent } from './EnrolAgent';
import { EnrolmentTokens } from './EnrolmentTokens';
import { LocationForm } from './LocationForm';
import { OpenLocation } from './OpenLocation';
import { agentsQuery, locationQuery } from './queries';
import { LocationStateMark } from './StateMark';

export function LocationPage({ locationId }: { locationId: string }) {
  const query = useQuery(locationQuery(useApi(), locationId));
  if (isGone(query.error)) {
    return <NotFoundPage />;
  }
  if (!query.data) {
    return (
      <>
        <PageHead title="Location" />
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loader aria-label="Loading the location" />
        )}
      </>
    );
  }
  return <LoadedLocation location={query.data} />;
}

function LoadedLocation({ location }: { location: Location }) {
  const may = useMay();
  const agents = useQuery(agentsQuery(useApi(), location.id));
  const [open, setOpen] = useState<'rename' | 'delete' | 'enrol' | 'open' | null>(null);
  const own = may.administer && may.operate === (location.kind === 'public');
  const ready = location.inPreparation && location.state === 'online';
  const enrol = own ? (
    // Where the location waits to be opened, that is what is next.
    <Button
      variant={ready ? 'default' : 'filled'}
      leftSection={<IconPlus className="pw-icon" aria-hidden />}
      onClick={() => setOpen('enrol')}
    >
      Add agent
    </Button>
  ) : undefined;

  return (
    <>
      <PageHead
        title={location.name}
        mark={<LocationStateMark state={location.state} />}
        above={
          <nav aria-label="Breadcrumb">
            <Link to="/locations" className="pw-link">
              {may.operate ? 'Public locations' : 'Locations'}
            </Link>
          </nav>
        }
        actions={
          own && (
            <>
              {ready && (
                <Button leftSection={<IconWorld className="pw-icon" aria-hidden />} onClick={() => setOpen('open')}>
                  Open to all tenants
                </Button>
              )}
              {agents.data && agents.data.length > 0 && open !== 'enrol' && enrol}
              <Button
                variant="default"
                leftSection={<IconPencil className="pw-icon" aria-hidden />}
                onClick={() => setOpen('rename')}
              >
                {may.operate ? 'Edit' : 'Rename'}
              </Button>
              <Button
                variant="default"
                leftSection={<IconTrash className="pw-icon" aria-hidden />}
                onClick={() => setOpen('delete')}
              >
                Delete
              </Button>
            </>
          )
        }
      >
        <span role="status">{stateSentence(location)}</span>{' '}
        {location.inPreparation && <Preparation location={location} />}
        {may.operate && !location.inPreparation && 'Every tenant sees it.'}
        {!may.operate && (location.monitors > 0 || location.state !== 'no-agent') && <Use location={location} />}
        {location.country && <div>{countryName(location.country)}</div>}
        {location.description && <div>{location.description}</div>}
      </PageHead>
      {open === 'enrol' && <EnrolAgent location={location} onClose={() => setOpen(null)} />}
      <Panel title="Agents" flush>
        <ProblemAlert error={agents.error} onRetry={() => void agents.refetch()} />
        {agents.isPending && (
          <div className="pw-loading">
            <Loader aria-label="Loading the agents" />
          </div>
        )}
        {agents.data?.length === 0 && (
          <EmptyState
            icon={<IconServer aria-hidden />}
            title={location.agents > 0 ? 'Agents of the platform' : 'No agent yet'}
            action={open === 'enrol' ? undefined : enrol}
          >
            {noAgentWords(location, own)}
          </EmptyState>
        )}
        {agents.data?.map((agent) => (
          <AgentCard key={agent.id} agent={agent} others={othersAtWork(agents.data, agent)} editable={own} />
        ))}
      </Panel>
      {own && <EnrolmentTokens locationId={location.id} />}
      {open === 'open' && <OpenLocation location={location} onClose={() => setOpen(null)} />}
      {open === 'rename' && <LocationForm location={location} onClose={() => setOpen(null)} />}
      {open === 'delete' && (
        <DeleteLocation
          location={location}
          agents={agents.data?.length ?? location.agents}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function othersAtWork(agents: Agent[], agent: Agent): number {
  return agents.filter(({ id, state, maintenanceSince }) => id !== agent.id && state === 'online' && !maintenanceSince)
    .length;
}

/** What is left to do before tenants see it. */
function Preparation({ location }: { location: Location }) {
  return (
    <>
      <strong>In preparation:</strong> no tenant sees it yet.{' '}
      {location.state === 'online' ? 'Open it when it is ready.' : 'It can be opened once an agent is at work.'}
    </>
  );
}

function noAgentWords({ kind }: Location, own: boolean): string {
  if (kind === 'public' && own) {
    return 'Its agents run on hosts of yours, reach public addresses and the ports of mail only, and dial out.';
  }
  if (kind === 'public') {
    return 'The operators of the platform run the agents of a public location, and see to them.';
  }
  return own
    ? 'An agent is a small program on a host of yours. It dials out only, and appears here once it connects.'
    : 'An agent is a small program on a host of yours. An administrator adds it here.';
}

/** Which monitors run from here; where none does, how one comes to. */
function Use({ location }: { location: Location }) {
  const may = useMay();
  if (location.monitors > 0) {
    return (
      <>
        <Link to="/monitors" search={{ location: location.id }} className="pw-link pw-underlined">
          {count(location.monitors, 'monitor')}
        </Link>{' '}
        {location.monitors === 1 ? 'is' : 'are'} to run from here.
      </>
    );
  }
  return may.edit ? (
    <>
      No monitor runs from here yet:{' '}
      <Link to="/monitors/new" className="pw-link pw-underlined">
        add one
      </Link>
      .
    </>
  ) : (
    'No monitor runs from here yet.'
  );
}

/** Never connected and lost are different things with different next steps. */
export function stateSentence(location: Location): string {
  switch (location.state) {
    case 'no-agent':
      return 'No agent has been made for this location, so nothing runs from here.';
    case 'never-connected':
      return 'Its agents have enrolled, and none has ever connected, so nothing runs from here.';
    case 'silent':
      return `${since(location)}: the hosts are down, or their way to the controller is. There is no data from here meanwhile.`;
    case 'in-maintenance':
      return 'Every agent is in maintenance, so nothing runs from here until one is taken back.';
    case 'online': {
      const { agents, agentsOnline, agentsInMaintenance } = location;
      const online = agentsOnline === agents ? count(agents, 'agent') : `${agentsOnline} of ${count(agents, 'agent')}`;
      const maintained = agentsInMaintenance > 0 ? `, ${agentsInMaintenance} in maintenance` : '';
      return `${online} online${maintained}.`;
    }
  }
}

function since({ silentSince }: Location): string {
  return silentSince ? `No agent has reported since ${exactTime(new Date(silentSince))}` : 'All agents were lost';
}
