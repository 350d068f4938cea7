import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

interface AskFirstProps {
  opened: boolean;
  /** The question, naming the thing: "Delete Paris office?" */
  question: string;
  /** What is destroyed. */
  children: ReactNode;
  /** The act: "Delete the location". */
  act: string;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** The question before something is destroyed. The safe answer has the focus. */
export function AskFirst({ opened, question, children, act, pending, error, onConfirm, onClose }: AskFirstProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={question} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="pw-stack">
        <ProblemAlert error={error} title="It was not done" />
        <div>{children}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.8" loading={pending} onClick={onConfirm}>
            {act}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
