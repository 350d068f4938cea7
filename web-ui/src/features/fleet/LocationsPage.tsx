import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/client';
import type { Location } from '../../api/types';
import { EmptyState } from '../../ui/EmptyState';
import { IconMapPin, IconPlus } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { count } from '../../ui/words';
import { useMay } from '../identity/session';
import { countryName } from './countries';
import { LocationForm } from './LocationForm';
import classes from './LocationsPage.module.css';
import { locationsQuery } from './queries';
import { LocationStateMark } from './StateMark';

export function LocationsPage() {
  const locations = useQuery(locationsQuery(useApi()));
  const may = useMay();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const add = may.administer ? (
    <Button leftSection={<IconPlus className="pw-icon" aria-hidden />} onClick={() => setAdding(true)}>
      {may.operate ? 'Add public location' : 'Add private location'}
    </Button>
  ) : undefined;

  return (
    <>
      <PageHead
        title={may.operate ? 'Public locations' : 'Locations and agents'}
        actions={locations.data?.length ? add : undefined}
      >
        {may.operate
          ? 'Places that the monitors of all tenants run from, with agents of the platform. Nobody sees one before you open it.'
          : 'Places that checks run from. A private location is one of your own: an agent there looks at your servers from inside.'}
      </PageHead>
      <ProblemAlert error={locations.error} onRetry={() => void locations.refetch()} />
      {locations.isPending && <Loader aria-label="Loading the locations" />}
      {locations.data && (
        <Panel flush>
          {locations.data.length === 0 ? (
            <EmptyState
              icon={<IconMapPin aria-hidden />}
              title={may.operate ? 'No public locations yet' : 'No locations yet'}
              action={add}
            >
              {emptyWords(may)}
            </EmptyState>
          ) : (
            <div className="pw-table-scroll">
              <table className="pw-table">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">State</th>
                    <th scope="col" className={classes.wide}>
                      {may.operate ? 'Country' : 'Kind'}
                    </th>
                    <th scope="col" className={`pw-end ${classes.wide}`}>
                      Agents online
                    </th>
                    {may.operate ? (
                      <th scope="col" className={classes.wide}>
                        For tenants
                      </th>
                    ) : (
                      <th scope="col" className={`pw-end ${classes.wide}`}>
                        Monitors
                      </th>
                    )}
                    <th scope="col" className={classes.wide}>
                      Description
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {locations.data.map((location) => (
                    <tr key={location.id} className="pw-hover">
                      <td>
                        <Link
                          to="/locations/$locationId"
                          params={{ locationId: location.id }}
                          className={`pw-link ${classes.name}`}
                        >
                          {location.name}
                        </Link>
                      </td>
                      <td>
                        <LocationStateMark state={location.state} />
                        {location.silentSince && (
                          <div className="pw-dimmed">
                            last heard of <Moment at={location.silentSince} />
                          </div>
                        )}
                        <div className={`pw-dimmed ${classes.narrow}`}>
                          {location.agentsOnline} of {count(location.agents, 'agent')} online,{' '}
                          {may.operate ? openWord(location) : count(location.monitors, 'monitor')}
                        </div>
                      </td>
                      <td className={classes.wide}>{may.operate ? countryWords(location) : kindWords(location)}</td>
                      <td className={`pw-end pw-number ${classes.wide}`}>
                        {location.agentsOnline} of {location.agents}
                        {location.agentsInMaintenance > 0 && (
                          <div className="pw-dimmed">{location.agentsInMaintenance} in maintenance</div>
                        )}
                      </td>
                      {may.operate ? (
                        <td className={classes.wide}>{openWord(location)}</td>
                      ) : (
                        <td className={`pw-end pw-number ${classes.wide}`}>{location.monitors}</td>
                      )}
                      <td className={`pw-dimmed ${classes.wide}`}>{location.description}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
      )}
      {adding && (
        <LocationForm
          location={null}
          onClose={() => setAdding(false)}
          onSaved={({ id }) => void navigate({ to: '/locations/$locationId', params: { locationId: id } })}
        />
      )}
    </>
  );
}

function kindWords(location: Location): string {
  return location.kind === 'private' ? 'Private' : `Public, ${countryWords(location)}`;
}

function countryWords({ country }: Location): string {
  return country ? countryName(country) : 'no country';
}

function openWord({ inPreparation }: Location): string {
  return inPreparation ? 'in preparation' : 'open';
}

function emptyWords({ operate, administer }: ReturnType<typeof useMay>): string {
  if (operate) {
    return 'Each place that monitors of all tenants can run from appears here. Make one, start an agent in it with a single command, and open it.';
  }
  return administer
    ? 'Each place that runs checks appears here with its agents. Make one and start an agent in it with a single command.'
    : 'Each place that runs checks appears here with its agents. An administrator adds the first one.';
}
