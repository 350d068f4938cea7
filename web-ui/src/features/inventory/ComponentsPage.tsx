import { ActionIcon, Button, Group, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../api/client';
import type { Component } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { EmptyState } from '../../ui/EmptyState';
import { IconPencil, IconPlus, IconStack2, IconTrash } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { NameDialog } from '../../ui/NameDialog';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { count } from '../../ui/words';
import { useMay } from '../identity/session';
import { componentsQuery, useDeleteComponent, useSaveComponent } from './queries';

export function ComponentsPage() {
  const components = useQuery(componentsQuery(useApi()));
  const may = useMay();
  const [editing, setEditing] = useState<Component | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Component | null>(null);
  const add = may.edit ? (
    <Button leftSection={<IconPlus className="pw-icon" aria-hidden />} onClick={() => setEditing('new')}>
      Add component
    </Button>
  ) : undefined;

  return (
    <>
      <PageHead title="Components" actions={components.data?.length ? add : undefined}>
        What is watched: a mail domain, a server. Monitors are grouped by them.
      </PageHead>
      <ProblemAlert error={components.error} onRetry={() => void components.refetch()} />
      {components.isPending && <Loader aria-label="Loading the components" />}
      {components.data && (
        <Panel flush>
          {components.data.length === 0 ? (
            <EmptyState icon={<IconStack2 aria-hidden />} title="No components yet" action={add}>
              Each mail domain or server you watch appears here with the number of its monitors.
            </EmptyState>
          ) : (
            <div className="pw-table-scroll">
              <table className="pw-table">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Description</th>
                    <th scope="col" className="pw-end">
                      Monitors
                    </th>
                    <th scope="col">Created</th>
                    <th scope="col">
                      <span className="pw-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {components.data.map((component) => (
                    <tr key={component.id} className="pw-hover">
                      <td>
                        <Link to="/monitors" search={{ component: component.id }} className="pw-link">
                          {component.name}
                        </Link>
                      </td>
                      <td className="pw-dimmed">{component.description}</td>
                      <td className="pw-end pw-number">{component.monitors}</td>
                      <td className="pw-dimmed">
                        <Moment at={component.createdAt} />
                      </td>
                      <td className="pw-end">
                        {may.edit && (
                          <Group gap={4} justify="flex-end" wrap="nowrap">
                            <ActionIcon
                              variant="subtle"
                              color="gray"
                              aria-label={`Rename ${component.name}`}
                              onClick={() => setEditing(component)}
                            >
                              <IconPencil className="pw-icon" aria-hidden />
                            </ActionIcon>
                            <ActionIcon
                              variant="subtle"
                              color="gray"
                              aria-label={`Delete ${component.name}`}
                              onClick={() => setDeleting(component)}
                            >
                              <IconTrash className="pw-icon" aria-hidden />
                            </ActionIcon>
                          </Group>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
      )}
      {editing && <ComponentForm component={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {deleting && <DeleteComponent component={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function ComponentForm({ component, onClose }: { component: Component | null; onClose: () => void }) {
  const save = useSaveComponent(component);
  return (
    <NameDialog
      title={component ? `Rename ${component.name}` : 'Add a component'}
      placeholder="example.com"
      saveLabel="Save"
      initial={component}
      saving={save.isPending}
      error={save.error}
      onSave={(named) => save.mutate(named, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function DeleteComponent({ component, onClose }: { component: Component; onClose: () => void }) {
  const remove = useDeleteComponent(component.id);
  return (
    <AskFirst
      opened
      question={`Delete ${component.name}?`}
      act="Delete the component"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      {component.monitors === 0
        ? 'No monitor belongs to it; only the component itself goes.'
        : `${count(component.monitors, 'monitor')} ${component.monitors === 1 ? 'belongs' : 'belong'} to it. ` +
          'A component can only be deleted once its monitors are deleted or moved to another one.'}
    </AskFirst>
  );
}
