import type { Component, ComponentRequest } from '../src/api/types';
import { editable } from './sample-answers.ts';
import { iso, nextNumber, uuid } from './sample-basics.ts';
import { components } from './sample-data.ts';

export function routeComponents(method: string, id: string | undefined, body: unknown): unknown {
  const { name, description } = (body ?? {}) as ComponentRequest;
  if (!id && method === 'POST') {
    const made: Component = {
      id: uuid(4, nextNumber()),
      name,
      description: description ?? '',
      monitors: 0,
      revision: 1,
      createdAt: iso(Date.now()),
    };
    components.push(made);
    return made;
  }
  return editable(components, method, id, { name, description: description ?? '' });
}
