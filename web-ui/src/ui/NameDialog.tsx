import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { errorAt, otherErrors } from './fieldErrors';
import { ProblemAlert } from './ProblemAlert';

interface NameDialogProps {
  title: string;
  placeholder: string;
  saveLabel: string;
  /** What it begins with; nothing for a new thing. */
  initial: { name: string; description: string } | null;
  saving: boolean;
  error: unknown;
  onSave: (named: { name: string; description: string | undefined }) => void;
  onClose: () => void;
  /** More fields, under the name, with what the controller calls them. */
  more?: ReactNode;
  moreFields?: readonly string[];
}

/** Asks for the name and the description of something new or something renamed. */
export function NameDialog(props: NameDialogProps) {
  const { title, placeholder, saveLabel, initial, saving, error, onSave, onClose, more, moreFields = [] } = props;
  const [name, setName] = useState(initial?.name ?? '');
  const [description, setDescription] = useState(initial?.description ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave({ name: name.trim(), description: description.trim() || undefined });
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <ProblemAlert error={otherErrors(error, ['name', 'description', ...moreFields])} title="Not saved" />
          <TextInput
            label="Name"
            placeholder={placeholder}
            required
            withAsterisk={false}
            data-autofocus
            maxLength={100}
            error={errorAt(error, 'name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {more}
          <Textarea
            label="Description"
            autosize
            minRows={2}
            error={errorAt(error, 'description')}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving}>
              {saveLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
