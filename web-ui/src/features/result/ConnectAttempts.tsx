import type { ConnectAttempt } from '../../api/types';
import { IconCircleCheckFilled, IconX } from '../../ui/icons';
import { millis } from '../../ui/time';
import classes from './ConnectAttempts.module.css';

/** Which addresses were tried in which order, when it was more than one. */
export function ConnectAttempts({ attempts }: { attempts: ConnectAttempt[] }) {
  if (attempts.length < 2) {
    return null;
  }
  return (
    <table className={classes.attempts}>
      <caption>
        {attempts.length} addresses were tried
        {attempts.some(({ failureCode }) => !failureCode) ? ', until one answered' : ', and none answered'}
      </caption>
      <thead className="pw-hidden">
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Outcome</th>
          <th scope="col">Took</th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ address, startMillis, durationMillis, failureCode }) => (
          <tr key={`${address} ${startMillis}`}>
            <th scope="row" className="pw-mono">
              {address}
            </th>
            <td data-failed={failureCode !== undefined || undefined} className={classes.outcome}>
              {failureCode ? (
                <>
                  <IconX className="pw-icon" aria-hidden /> {outcomeWords[failureCode] ?? failureCode}
                </>
              ) : (
                <>
                  <IconCircleCheckFilled className="pw-icon" aria-hidden /> connected
                </>
              )}
            </td>
            <td className={classes.took}>{millis(durationMillis)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const outcomeWords: Record<string, string> = {
  'connection-refused': 'refused',
  'connect-timeout': 'no answer',
  'host-unreachable': 'host unreachable',
  'network-unreachable': 'network unreachable',
  'connection-reset': 'reset',
  'address-denied': 'not allowed here',
  'port-denied': 'port not allowed here',
  'no-egress': 'no way out',
};
