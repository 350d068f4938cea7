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
  /** The safe answer, where "Keep it" doesn't say it. */
  keep?: string;
  /** Nothing is lost by it: the act is not shown as a danger. */
  calm?: boolean;
  pending: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** The question before something is destroyed or stops. The safe answer has the focus. */
export function AskFirst(props: AskFirstProps) {
  const { opened, question, children, act, keep = 'Keep it', calm = false, pending, error, onConfirm, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={question} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="pw-stack">
        <ProblemAlert error={error} title="It was not done" />
        <div>{children}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {keep}
          </Button>
          <Button color={calm ? undefined : 'red.8'} loading={pending} onClick={onConfirm}>
            {act}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
