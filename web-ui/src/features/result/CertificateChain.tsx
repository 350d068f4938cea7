import type { Certificate, CertificateFindings } from '../../api/types';
import { IconAlertTriangleFilled, IconCertificate, IconCircleCheckFilled } from '../../ui/icons';
import { day, exactTime } from '../../ui/time';
import classes from './CertificateChain.module.css';

/** The chain as the server sent it, what was found wrong with it, and how long it lasts. */
export function CertificateChain({ findings }: { findings: CertificateFindings }) {
  const { daysLeft, notAfter, chain, verdicts } = findings;
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
        {chain.map((certificate, position) => (
          <ChainLink
            key={certificate.fingerprint}
            certificate={certificate}
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

function ChainLink({ certificate, position, bad }: { certificate: Certificate; position: number; bad: boolean }) {
  const selfIssued = certificate.subject === certificate.issuer;
  const role = position === 0 ? 'Server' : selfIssued ? 'Root' : 'Intermediate';
  return (
    <li className={classes.link} data-bad={bad || undefined}>
      <IconCertificate className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <div>
          <span className={classes.role}>{role}</span>{' '}
          <strong className={classes.subject}>{certificate.subject}</strong>
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
    </li>
  );
}
