import type { Certificate, CertificateFindings } from '../../api/types';
import { IconAlertTriangleFilled, IconCertificate, IconCircleCheckFilled } from '../../ui/icons';
import { day, exactTime } from '../../ui/time';
import classes from './CertificateChain.module.css';

/** The chain as the server sent it, what was found wrong with it, and how long it lasts. */
export function CertificateChain({ findings }: { findings: CertificateFindings }) {
  const { daysLeft, notAfter, fingerprints, chain, verdicts } = findings;
  return (
    <div>
      {verdicts.length === 0 ? (
        <p className={classes.verdict} data-good>
          <IconCircleCheckFilled className="pw-icon" aria-hidden />
          <span>Name, trust and validity are in order. {lasting(daysLeft, notAfter)}</span>
        </p>
      ) : (
        <ul className={classes.verdicts}>
          {verdicts.map((verdict) => (
            <li key={`${verdict.code} ${verdict.position}`} className={classes.verdict}>
              <IconAlertTriangleFilled className="pw-icon" aria-hidden />
              <span>
                {verdict.message} <code className={classes.code}>{verdict.code}</code>
              </span>
            </li>
          ))}
          <li className={classes.lasting}>{lasting(daysLeft, notAfter)}</li>
        </ul>
      )}
      <ol className={classes.chain}>
        {fingerprints.map((fingerprint, position) => (
          <ChainLink
            // biome-ignore lint/suspicious/noArrayIndexKey: a server may send one certificate twice, and the order is the chain
            key={`${position} ${fingerprint}`}
            fingerprint={fingerprint}
            certificate={chain.find((known) => known.fingerprint === fingerprint)}
            position={position}
            bad={verdicts.some((verdict) => verdict.position === position)}
          />
        ))}
      </ol>
    </div>
  );
}

function lasting(daysLeft: number, notAfter: string): string {
  const until = day(new Date(notAfter));
  if (daysLeft < 0) {
    const ago = -daysLeft;
    return `It ended ${ago} ${ago === 1 ? 'day' : 'days'} ago, on ${until}.`;
  }
  return `${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left, until ${until}.`;
}

interface ChainLinkProps {
  fingerprint: string;
  /** Absent where only the fingerprint is known. */
  certificate: Certificate | undefined;
  position: number;
  bad: boolean;
}

function ChainLink({ fingerprint, certificate, position, bad }: ChainLinkProps) {
  return (
    <li className={classes.link} data-bad={bad || undefined}>
      <IconCertificate className={classes.icon} aria-hidden />
      {certificate ? (
        <Known certificate={certificate} position={position} />
      ) : (
        <div className={classes.words}>
          <div>
            <span className={classes.role}>{position === 0 ? 'Server' : 'Issuer'}</span>{' '}
            <strong className={classes.subject}>Not known</strong>
          </div>
          <div className="pw-dimmed">
            Its contents have not arrived, can't be read, or came on a day with more new certificates than are kept.
          </div>
          <div className="pw-mono">SHA-256 {fingerprint}</div>
        </div>
      )}
    </li>
  );
}

function Known({ certificate, position }: { certificate: Certificate; position: number }) {
  const selfIssued = certificate.subject === certificate.issuer;
  const role = position === 0 ? 'Server' : selfIssued ? 'Root' : 'Intermediate';
  return (
    <div className={classes.words}>
      <div>
        <span className={classes.role}>{role}</span> <strong className={classes.subject}>{certificate.subject}</strong>
      </div>
      <div className="pw-dimmed">{selfIssued ? 'Issued by itself' : `Issued by ${certificate.issuer}`}</div>
      <div className="pw-dimmed">
        <time dateTime={certificate.notBefore} title={exactTime(new Date(certificate.notBefore))}>
          {day(new Date(certificate.notBefore))}
        </time>
        {' to '}
        <time dateTime={certificate.notAfter} title={exactTime(new Date(certificate.notAfter))}>
          {day(new Date(certificate.notAfter))}
        </time>
        {` · ${certificate.keyAlgorithm} ${certificate.keyBits} · ${certificate.signatureAlgorithm}`}
      </div>
      {certificate.names.length > 0 && (
        <div className={classes.names}>
          {certificate.names.map((name) => (
            <code key={name}>{name}</code>
          ))}
        </div>
      )}
      <details className={classes.more}>
        <summary>Fingerprint and serial number</summary>
        <div className="pw-mono">SHA-256 {certificate.fingerprint}</div>
        <div className="pw-mono">Serial {certificate.serialNumber}</div>
      </details>
    </div>
  );
}
