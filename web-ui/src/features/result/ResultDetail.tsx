import type { ReactNode } from 'react';
import type { Result } from '../../api/types';
import { CertificateChain } from './CertificateChain';
import { ConnectAttempts } from './ConnectAttempts';
import { FailureBox } from './FailureBox';
import classes from './ResultDetail.module.css';
import { Transcript } from './Transcript';
import { Waterfall } from './Waterfall';

/** One run in full: failure, phases, connection, certificate, transcript. */
export function ResultDetail({ result, certificate = true }: { result: Result; certificate?: boolean }) {
  return (
    <div className={classes.detail}>
      {result.failure && <FailureBox failure={result.failure} warning={result.status === 'WARNING'} />}
      <div className={classes.columns}>
        <Part title="Phases">
          <Waterfall phases={result.phases} totalMillis={result.totalMillis} failedPhase={result.failure?.phase} />
          <ConnectAttempts attempts={result.attempts} />
        </Part>
        <Part title="Connection">
          <Facts result={result} />
        </Part>
      </div>
      {certificate && result.certificate && (
        <Part title="Certificate">
          <CertificateChain findings={result.certificate} />
        </Part>
      )}
      {result.transcript && result.transcript.length > 0 ? (
        <Part title="Transcript">
          <Transcript lines={result.transcript} discardedBytes={result.discardedBytes} />
        </Part>
      ) : (
        <p className="pw-dimmed">No transcript was kept: that happens for failures, changes of status and tests.</p>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.part}>
      <h3 className={classes.title}>{title}</h3>
      {children}
    </div>
  );
}

function Facts({ result }: { result: Result }) {
  const facts: [string, ReactNode][] = [];
  const mono = (name: string, text: string | undefined) => {
    if (text) {
      facts.push([
        name,
        <span key={name} className="pw-mono">
          {text}
        </span>,
      ]);
    }
  };
  mono('Name leads to', result.aliases?.join(' → '));
  mono('Address', result.remoteAddress);
  mono('All addresses', result.resolved.length > 1 ? result.resolved.join(', ') : undefined);
  mono('Looked up at', result.resolver);
  if (result.tls) {
    facts.push(['Encryption', `${result.tls.protocol}, ${result.tls.cipher}`]);
  }
  if (result.authMechanism) {
    facts.push(['Signed in with', mechanismWord(result.authMechanism)]);
  }
  mono('Greeting', result.greeting);
  mono('Capabilities', result.capabilities.join(' · '));
  if (facts.length === 0) {
    return <p className="pw-dimmed">No connection came about.</p>;
  }
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function mechanismWord(name: string): string {
  return name === 'USER-PASS' ? 'USER and PASS of POP3' : name;
}
