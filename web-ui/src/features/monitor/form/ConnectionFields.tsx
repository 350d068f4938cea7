import { Button, Input, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { AddressFamily } from '../../../api/types';
import { Disclosure } from '../../../ui/Disclosure';
import { familyWords, securityWords, typeWords } from '../words';
import { defaultPort, offeredPorts, withPastedHost, withPort, withSecurity, withType } from './draft';
import classes from './MonitorForm.module.css';
import type { PartProps } from './parts';

export const connectionFields = ['type', 'host', 'security', 'port', 'addressFamily'] as const;

const familyHelp: Record<AddressFamily, string> = {
  any: 'A name may lead to several. Each run tries them in turn until one answers.',
  ipv4: 'Of the addresses that the name leads to, only those of IPv4 are tried.',
  ipv6: 'Of the addresses that the name leads to, only those of IPv6 are tried.',
  both: "Every place runs it twice per period, once over IPv4 and once over IPv6. Each family is judged by itself, by the quorum of the places that report it, and the worse of the two is the monitor's status: a broken IPv6 does not hide behind a good IPv4. The host is a name, not an address.",
};

interface ConnectionFieldsProps extends PartProps {
  /** Of a monitor that is being added. */
  fresh: boolean;
  /** What is wrong with what is not always open. */
  wrong: unknown;
}

/** Which server, and how it is reached. */
export function ConnectionFields({ draft, change, at, fresh, wrong }: ConnectionFieldsProps) {
  return (
    <>
      <div className={classes.grid}>
        <Input.Wrapper label="Type" labelElement="div" className={classes.half} error={at('type')}>
          <SegmentedControl
            fullWidth
            aria-label="Type"
            value={draft.type}
            onChange={(type) => change(withType(draft, type as typeof draft.type))}
            data={Object.entries(typeWords).map(([value, label]) => ({ value, label }))}
          />
        </Input.Wrapper>
        <Input.Wrapper label="Encryption" labelElement="div" className={classes.half} error={at('security')}>
          <SegmentedControl
            fullWidth
            aria-label="Encryption"
            value={draft.security}
            onChange={(security) => change(withSecurity(draft, security as typeof draft.security))}
            data={(['tls', 'starttls', 'none'] as const).map((value) => ({
              value,
              label: value === 'none' ? 'None' : securityWords[value],
            }))}
          />
        </Input.Wrapper>
        <TextInput
          className={classes.wide}
          label="Host"
          description="A name or an address."
          placeholder="mail.example.com"
          name="host"
          required
          withAsterisk={false}
          autoFocus={fresh}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          error={at('host')}
          value={draft.host}
          onChange={(event) => change({ host: event.currentTarget.value })}
          onBlur={() => change(withPastedHost(draft, draft.host))}
        />
        <NumberInput
          className={classes.narrow}
          label="Port"
          description={draft.portByHand ? 'Set by hand.' : 'Follows the encryption.'}
          name="port"
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          required
          withAsterisk={false}
          clampBehavior="none"
          error={at('port')}
          value={draft.port ?? ''}
          onChange={(port) => change(withPort(draft, typeof port === 'number' ? port : undefined))}
        />
        <PortOffers draft={draft} change={change} />
        <Disclosure
          inner
          title="Addresses"
          summary={familyWords[draft.addressFamily]}
          startsOpen={draft.addressFamily !== 'any'}
          wrong={wrong}
        >
          <Select
            className={classes.family}
            aria-label="Addresses"
            description={familyHelp[draft.addressFamily]}
            allowDeselect={false}
            data={Object.entries(familyWords).map(([value, label]) => ({ value, label }))}
            error={at('addressFamily')}
            value={draft.addressFamily}
            onChange={(family) => change({ addressFamily: (family ?? 'any') as typeof draft.addressFamily })}
          />
        </Disclosure>
      </div>
      {draft.security === 'none' && (
        <p className={classes.note}>Nothing is encrypted, and no certificate is looked at.</p>
      )}
      {draft.security === 'starttls' && (
        <p className={classes.note}>
          {draft.type === 'pop3' ? 'STARTTLS (STLS) is' : 'STARTTLS is'} required: a server that does not offer it is in
          error.
        </p>
      )}
    </>
  );
}

function PortOffers({ draft, change }: Pick<PartProps, 'draft' | 'change'>) {
  const usual = defaultPort(draft.type, draft.security);
  const offers = offeredPorts(draft.type, draft.security);
  const shown = offers.length > 0 ? offers : draft.portByHand ? [{ port: usual, use: 'usual' }] : [];
  if (shown.length === 0) {
    return null;
  }
  return (
    <div className={classes.offers}>
      {shown.map(({ port, use }) => (
        <Button
          key={port}
          size="compact-xs"
          variant={draft.port === port ? 'light' : 'default'}
          aria-pressed={draft.port === port}
          onClick={() => change(withPort(draft, port))}
        >
          {port} · {use}
        </Button>
      ))}
    </div>
  );
}
