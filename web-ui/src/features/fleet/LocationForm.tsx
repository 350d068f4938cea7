import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Location } from '../../api/types';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { useSaveLocation } from './queries';

interface LocationFormProps {
  location: Location | null;
  onClose: () => void;
  onSaved?: (location: Location) => void;
}

export function LocationForm({ location, onClose, onSaved }: LocationFormProps) {
  const save = useSaveLocation(location);
  const [name, setName] = useState(location?.name ?? '');
  const [description, setDescription] = useState(location?.description ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), description: description.trim() || undefined },
      {
        onSuccess: (saved) => {
          onClose();
          onSaved?.(saved);
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={location ? `Rename ${location.name}` : 'Add a private location'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ProblemAlert error={otherErrors(save.error, ['name', 'description'])} title="Not saved" />
          <TextInput
            label="Name"
            placeholder="Head office"
            required
            withAsterisk={false}
            data-autofocus
            maxLength={100}
            error={errorAt(save.error, 'name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            error={errorAt(save.error, 'description')}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {location ? 'Save' : 'Add location'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
