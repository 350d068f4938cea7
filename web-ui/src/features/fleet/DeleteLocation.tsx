import { Button, Group, Modal } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Location } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { count } from '../../ui/words';
import { useDeleteLocation } from './queries';

interface DeleteLocationProps {
  location: Location;
  /** With the revoked ones. */
  agents: number;
  onClose: () => void;
}

/** A location is deleted once nothing depends on it: until then it is said what does, rather than asked. */
export function DeleteLocation({ location, agents, onClose }: DeleteLocationProps) {
  const navigate = useNavigate();
  const remove = useDeleteLocation(location.id);
  const { name, monitors } = location;
  if (agents > 0 || monitors > 0) {
    return (
      <Modal opened onClose={onClose} title={`${name} is in use`} closeButtonProps={{ 'aria-label': 'Close' }}>
        <div className="pw-stack">
          <p className="pw-alert-text">It can be deleted once nothing depends on it. Before that:</p>
          <ul className="pw-list">
            {monitors > 0 && (
              <li>
                <Link to="/monitors" search={{ location: location.id }} className="pw-link pw-underlined">
                  {count(monitors, 'monitor')}
                </Link>{' '}
                {monitors === 1 ? 'runs' : 'run'} from here: edit {monitors === 1 ? 'it' : 'them'} and choose another
                location, or delete {monitors === 1 ? 'it' : 'them'}.
              </li>
            )}
            {agents > 0 && (
              <li>
                {count(agents, 'agent')} {agents === 1 ? 'belongs' : 'belong'} to it: revoke{' '}
                {agents === 1 ? 'it, then delete it' : 'them, then delete them'}.
              </li>
            )}
          </ul>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Close
            </Button>
          </Group>
        </div>
      </Modal>
    );
  }
  return (
    <AskFirst
      opened
      question={`Delete ${name}?`}
      act="Delete the location"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/locations' }) })}
      onClose={onClose}
    >
      {location.kind === 'public'
        ? 'It has no agents. Where a monitor of a tenant names it, it is not deleted, and you are told how many do. '
        : 'No agent and no monitor depends on it. '}
      Its enrolment tokens end with it; what was measured from it stays with the monitors. This can't be undone.
    </AskFirst>
  );
}
