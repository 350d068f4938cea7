import { Alert, Button } from '@mantine/core';
import { IconAlertTriangleFilled } from '../../ui/icons';
import { Moment } from '../../ui/Moment';

interface SuspendedLoginProps {
  since: string;
  secret: 'password' | 'token' | 'local';
  mayTest: boolean;
  testing: boolean;
  onTest: () => void;
}

/** Nobody logs in any more until somebody does something: what, and what goes on meanwhile. */
export function SuspendedLogin({ since, secret, mayTest, testing, onTest }: SuspendedLoginProps) {
  return (
    <Alert
      color="red"
      variant="light"
      title="The login is suspended"
      className="pw-alert"
      icon={<IconAlertTriangleFilled className="pw-icon" aria-hidden />}
    >
      <p className="pw-alert-text">
        The server refused it three times in a row, so since <Moment at={since} /> nobody tries it any more. Everything
        before the login is still checked. {whatToDo(secret)}: then it is tried again at once.
      </p>
      {mayTest && (
        <Button mt="sm" variant="default" size="xs" loading={testing} onClick={onTest}>
          Try the login once
        </Button>
      )}
    </Alert>
  );
}

function whatToDo(secret: SuspendedLoginProps['secret']) {
  return secret === 'local'
    ? "Put the right secret on the agent's host, then edit the monitor and save it"
    : `Edit the monitor and enter the right ${secret}`;
}
