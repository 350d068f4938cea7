import { Alert, Button } from '@mantine/core';
import { ProblemError, sentenceOf } from '../api/problem';
import { IconAlertOctagonFilled } from './icons';

interface ProblemAlertProps {
  error: unknown;
  /** What could not be done: "The monitor was not saved". */
  title?: string;
  onRetry?: () => void;
  retryLabel?: string;
}

/** What went wrong, in the controller's own words. */
export function ProblemAlert({ error, title, onRetry, retryLabel = 'Try again' }: ProblemAlertProps) {
  if (!error) {
    return null;
  }
  const heading = title ?? (error instanceof ProblemError ? error.problem.title : 'Something went wrong');
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      title={heading}
      icon={<IconAlertOctagonFilled aria-hidden />}
      className="pw-alert"
    >
      <p className="pw-alert-text">{sentenceOf(error)}</p>
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          {retryLabel}
        </Button>
      )}
    </Alert>
  );
}
