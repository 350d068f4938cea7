import type { Agent, EnrolmentToken, Location, LocationRequest } from '../src/api/types';
import { editable, found } from './sample-answers.ts';
import { iso, nextNumber, uuid } from './sample-basics.ts';
import { agents, locations, tokens } from './sample-data.ts';

export function routeLocations(method: string, id: string | undefined, body: unknown): unknown {
  const { name, description } = (body ?? {}) as LocationRequest;
  if (!id && method === 'POST') {
    const made: Location = {
      id: uuid(1, nextNumber()),
      name,
      description: description ?? '',
      kind: 'private',
      inPreparation: false,
      state: 'no-agent',
      agents: 0,
      agentsOnline: 0,
      agentsInMaintenance: 0,
      localSecrets: [],
      monitors: 0,
      revision: 1,
      createdAt: iso(Date.now()),
    };
    locations.push(made);
    return made;
  }
  return editable(locations, method, id, { name, description: description ?? '' });
}

export function routeAgents(id: string | undefined, act: string | undefined, query: URLSearchParams): unknown {
  if (id && (act === 'drain' || act === 'resume')) {
    return maintain(found(agents, id), act === 'drain');
  }
  return id ? found(agents, id) : { items: agents.filter(({ locationId }) => locationId === query.get('locationId')) };
}

function maintain(agent: Agent, maintained: boolean) {
  agent.maintenanceSince = maintained ? iso(Date.now()) : undefined;
  agent.assignments = maintained ? 0 : 9;
  const others = agents.filter(
    ({ id, locationId, state, maintenanceSince }) =>
      id !== agent.id && locationId === agent.locationId && state === 'online' && !maintenanceSince,
  ).length;
  const location = found(locations, agent.locationId);
  location.agentsInMaintenance = agents.filter(
    ({ locationId, maintenanceSince }) => locationId === location.id && maintenanceSince,
  ).length;
  return {
    agent,
    otherAgents: others,
    message: maintained ? `${agent.name} is in maintenance.` : `${agent.name} is back.`,
  };
}

export function routeTokens(method: string, id: string | undefined, query: URLSearchParams, body: unknown): unknown {
  if (method === 'POST') {
    const token = 'pwe_8sKdSampleSampleSampleSampleSampleSampleSample';
    const made: EnrolmentToken = {
      id: uuid(6, nextNumber()),
      locationId: (body as { locationId: string }).locationId,
      prefix: 'pwe_8sKd',
      state: 'usable',
      needsApproval: false,
      usesLeft: 1,
      expiresAt: iso(Date.now() + 3_600_000),
      createdAt: iso(Date.now()),
    };
    tokens.push(made);
    return {
      ...made,
      token,
      controllerAddress: 'controller.example.com:9443',
      installCommand: `POSTWATCH_ENROL_TOKEN=${token} java @postwatch-agent.options -jar postwatch-agent.jar run --state ~/.postwatch-agent/pwe_8sKd --controller controller.example.com:9443`,
    };
  }
  if (method === 'DELETE') {
    Object.assign(found(tokens, id ?? ''), { state: 'revoked' });
    return undefined;
  }
  return { items: tokens.filter(({ locationId }) => locationId === query.get('locationId')) };
}
