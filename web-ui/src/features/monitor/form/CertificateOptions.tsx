import { Button, Checkbox, Input, SegmentedControl, TextInput } from '@mantine/core';
import { enumerated } from '../../../ui/words';
import classes from './MonitorForm.module.css';
import { NumberField } from './NumberField';
import { settled } from './numbers';
import { withLifetime } from './options';
import type { PartProps } from './parts';
import { pinOf, type SeenCertificate } from './seen';
import { TrustAnchors } from './TrustAnchors';

export const certificateFields = [
  'certificate',
  'certificate.warningDays',
  'certificate.errorDays',
  'certificate.warningPercent',
  'certificate.errorPercent',
  'certificate.reportOnly',
  'certificate.expectedName',
  'certificate.serverName',
  'certificate.trustAnchors',
  'certificate.pin',
] as const;

/** When a certificate is a warning or an error, and which one is right. */
export function CertificateOptions({ draft, change, at, seen }: PartProps & { seen: readonly SeenCertificate[] }) {
  return (
    <div className={classes.grid}>
      <Input.Wrapper label="Its end is judged by" labelElement="div" className={classes.half} error={at('certificate')}>
        <SegmentedControl
          fullWidth
          aria-label="Its end is judged by"
          value={draft.lifetime}
          onChange={(lifetime) => change(withLifetime(draft, lifetime as typeof draft.lifetime))}
          data={[
            { value: 'days', label: 'Days left' },
            { value: 'percent', label: 'Percent of its lifetime' },
          ]}
        />
      </Input.Wrapper>
      <LifetimeNumbers draft={draft} change={change} at={at} />
      <Checkbox
        className={classes.whole}
        label="Only report on the certificate"
        description="A name that doesn't match or an unknown authority is then shown, but is no error. The login is withheld."
        error={at('certificate.reportOnly')}
        checked={draft.reportOnly}
        onChange={(event) => change({ reportOnly: event.currentTarget.checked })}
      />
      <TextInput
        className={classes.half}
        label="Name it must carry"
        description="Where that is another one than the one connected to."
        placeholder={draft.host || 'mail.example.com'}
        {...asTyped}
        error={at('certificate.expectedName')}
        value={draft.expectedName}
        onChange={(event) => change({ expectedName: event.currentTarget.value })}
      />
      <TextInput
        className={classes.half}
        label="Name asked for (SNI)"
        description="A server with several certificates chooses by it."
        placeholder={draft.expectedName || draft.host || 'mail.example.com'}
        {...asTyped}
        error={at('certificate.serverName')}
        value={draft.serverName}
        onChange={(event) => change({ serverName: event.currentTarget.value })}
      />
      <TrustAnchors
        pem={draft.trustAnchors}
        error={at('certificate.trustAnchors')}
        onPem={(trustAnchors) => change({ trustAnchors })}
      />
      <div className={classes.whole}>
        <TextInput
          label="Pinned certificate"
          description="Its SHA-256 fingerprint. This one is trusted, whoever signed it, and the login goes ahead; any other is an error."
          classNames={{ input: 'pw-mono' }}
          {...asTyped}
          error={at('certificate.pin')}
          value={draft.pin}
          onChange={(event) => change({ pin: event.currentTarget.value })}
          onBlur={() => change({ pin: pinOf(draft.pin) })}
        />
        <SeenPins seen={seen} pin={draft.pin} onPin={(pin) => change({ pin })} />
      </div>
    </div>
  );
}

const asTyped = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const;

function LifetimeNumbers({ draft, change, at }: PartProps) {
  if (draft.lifetime === 'days') {
    const numbers = settled(draft);
    const days = (name: 'warningDays' | 'errorDays') => ({
      className: classes.quarter,
      suffix: ' days',
      min: 0,
      max: 3650,
      error: at(`certificate.${name}`),
      said: draft[name],
      holds: numbers[name],
      onSay: (value: number | undefined) => change({ [name]: value }),
    });
    return (
      <>
        <NumberField label="Warning from" {...days('warningDays')} />
        <NumberField label="Error from" {...days('errorDays')} />
      </>
    );
  }
  const percent = (name: 'warningPercent' | 'errorPercent') => ({
    className: classes.quarter,
    suffix: ' % left',
    min: 1,
    max: 99,
    error: at(`certificate.${name}`),
    said: draft[name],
    holds: 0,
    onSay: (value: number | undefined) => change({ [name]: value }),
  });
  return (
    <>
      <NumberField label="Warning from" {...percent('warningPercent')} />
      <NumberField label="Error from" {...percent('errorPercent')} />
    </>
  );
}

interface SeenPinsProps {
  seen: readonly SeenCertificate[];
  pin: string;
  onPin: (pin: string) => void;
}

/** Spares looking it up: what the last run saw, from each place that saw something else. */
function SeenPins({ seen, pin, onPin }: SeenPinsProps) {
  const others = seen.filter(({ fingerprint }) => fingerprint !== pinOf(pin));
  if (others.length === 0) {
    return null;
  }
  return (
    <div className={classes.takes}>
      {others.map(({ fingerprint, places }) => (
        <Button
          key={fingerprint}
          size="compact-xs"
          variant="default"
          title={fingerprint}
          onClick={() => onPin(fingerprint)}
        >
          {seen.length === 1 ? 'Take the one the last run saw' : `Take the one seen from ${enumerated(places)}`}
        </Button>
      ))}
    </div>
  );
}
