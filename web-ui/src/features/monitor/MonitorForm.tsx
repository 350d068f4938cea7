import {
  Button,
  Checkbox,
  Input,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Switch,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/client';
import { ProblemError } from '../../api/problem';
import type { MonitorRequest } from '../../api/types';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { IconBolt, IconChevronDown, IconChevronRight } from '../../ui/icons';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { locationsQuery } from '../fleet/queries';
import { componentsQuery } from '../inventory/queries';
import {
  defaultPlaces,
  defaultPort,
  type MonitorDraft,
  offeredPorts,
  requestOf,
  withPastedHost,
  withPort,
  withSecurity,
  withType,
} from './draft';
import classes from './MonitorForm.module.css';
import { MonitorOptions, optionFields } from './MonitorOptions';
import { settled } from './numbers';
import { PlaceChoice } from './PlaceChoice';
import { useStartMonitorTest } from './queries';
import { planSentences } from './sentences';
import { TestPanel } from './TestPanel';
import { securityWords, typeWords } from './words';

interface MonitorFormProps {
  /** Of the monitor that is edited; a new one has none. */
  monitorId?: string;
  initial: MonitorDraft;
  saving: boolean;
  error: unknown;
  saveLabel: string;
  onSave: (draft: MonitorDraft) => void;
  /** Loads what somebody else saved in the meantime. */
  onReload?: () => void;
}

const basicFields = [
  'type',
  'host',
  'security',
  'port',
  'credentials',
  'credentials.username',
  'credentials.password',
  'credentials.mechanism',
  'credentials.allowPlaintext',
  'locations',
  'locations.locationIds',
] as const;
export function MonitorForm(props: MonitorFormProps) {
  const { monitorId, initial, saving, error: saveError, saveLabel, onSave, onReload } = props;
  const api = useApi();
  const locations = useQuery(locationsQuery(api)).data ?? [];
  const components = useQuery(componentsQuery(api)).data ?? [];
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(initial);
  const [options, setOptions] = useState(monitorId !== undefined);
  const test = useStartMonitorTest();
  const outcome = useRef<HTMLDivElement>(null);
  const testId = test.data?.id;
  useEffect(() => {
    if (testId) {
      outcome.current?.scrollIntoView({ block: 'start' });
    }
  }, [testId]);
  // Whichever was asked last has answered about the fields.
  const error = saveError ?? test.error;
  const at = (field: Field) => errorAt(error, field);
  const change = (part: Partial<MonitorDraft>) => setDraft((before) => ({ ...before, ...part }));

  const optionsWrong = optionFields.some((field) => errorAt(error, field) !== undefined);
  useEffect(() => {
    if (optionsWrong) {
      setOptions(true);
    }
  }, [optionsWrong]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focuses once per answer, after its fields are marked
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"]')?.focus();
  }, [error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.reset();
    onSave(draft);
  };
  const startTest = () => {
    if (form.current?.reportValidity()) {
      const monitor: MonitorRequest = requestOf(draft);
      test.mutate({ monitor, monitorId });
    }
  };

  const shownFields = [...basicFields, ...optionFields];
  const conflict = saveError instanceof ProblemError && saveError.status === 412;
  const places = draft.places ?? defaultPlaces(locations);

  return (
    <div className={classes.layout}>
      <form ref={form} onSubmit={submit} className={classes.form}>
        <ProblemAlert
          error={otherErrors(saveError, shownFields)}
          title="Not saved"
          onRetry={conflict ? onReload : undefined}
          retryLabel="Load what was saved"
        />
        <Panel title="What is watched">
          <div className={classes.grid}>
            <Input.Wrapper label="Type" labelElement="div" className={classes.half}>
              <SegmentedControl
                fullWidth
                aria-label="Type"
                value={draft.type}
                onChange={(type) => setDraft(withType(draft, type as MonitorDraft['type']))}
                data={Object.entries(typeWords).map(([value, label]) => ({ value, label }))}
              />
            </Input.Wrapper>
            <Input.Wrapper label="Encryption" labelElement="div" className={classes.half} error={at('security')}>
              <SegmentedControl
                fullWidth
                aria-label="Encryption"
                value={draft.security}
                onChange={(security) => setDraft(withSecurity(draft, security as MonitorDraft['security']))}
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
              autoFocus={monitorId === undefined}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              error={at('host')}
              value={draft.host}
              onChange={(event) => change({ host: event.currentTarget.value })}
              onBlur={() => setDraft(withPastedHost(draft, draft.host))}
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
              onChange={(port) => setDraft(withPort(draft, numberOf(port)))}
            />
            <PortOffers draft={draft} onDraft={setDraft} />
          </div>
          {draft.security === 'none' && (
            <p className={classes.note}>Nothing is encrypted, and no certificate is looked at.</p>
          )}
          {draft.security === 'starttls' && (
            <p className={classes.note}>STARTTLS is required: a server that does not offer it is in error.</p>
          )}
        </Panel>
        <Panel title="Signing in">
          <Switch
            label="Sign in as well"
            description="With a mailbox made for this. Without it, the run ends before the login."
            checked={draft.signsIn}
            onChange={(event) => change({ signsIn: event.currentTarget.checked })}
          />
          {draft.signsIn && <SignIn draft={draft} change={change} at={at} />}
        </Panel>
        <Panel title="From where">
          <PlaceChoice
            locations={locations}
            places={places}
            error={at('locations') ?? at('locations.locationIds')}
            onChange={(chosen) => change({ places: chosen })}
          />
        </Panel>
        <section className={classes.options}>
          <button
            type="button"
            className={classes.optionsToggle}
            aria-expanded={options}
            aria-controls="monitor-options"
            onClick={() => setOptions(!options)}
          >
            {options ? (
              <IconChevronDown className="pw-icon" aria-hidden />
            ) : (
              <IconChevronRight className="pw-icon" aria-hidden />
            )}
            Options
            <span className="pw-dimmed">name, component, period, timeout, thresholds, certificate, tags</span>
          </button>
          <div id="monitor-options" hidden={!options} className={classes.optionsBody}>
            <MonitorOptions draft={draft} change={change} at={at} components={components} />
          </div>
        </section>
      </form>
      <aside className={classes.aside} aria-label="What will happen">
        <div className={classes.plan}>
          <h2 className={classes.planTitle}>What will happen</h2>
          <div aria-live="polite">
            {planSentences({
              ...settled(draft),
              checksCertificate: draft.security !== 'none',
              reportOnly: draft.reportOnly,
              signsIn: draft.signsIn,
              places: locations
                .filter(({ id, kind }) => places.locationIds.includes(id) && !(places.allPublic && kind === 'public'))
                .map(({ name }) => name),
              allPublic: places.allPublic,
            }).map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </div>
          <div className={classes.acts}>
            <Button
              variant="light"
              leftSection={<IconBolt className="pw-icon" aria-hidden />}
              loading={test.isPending}
              onClick={startTest}
            >
              Test
            </Button>
            <Button loading={saving} onClick={() => form.current?.requestSubmit()}>
              {saveLabel}
            </Button>
          </div>
        </div>
      </aside>
      {(test.data || test.error) && (
        <div className={classes.test} ref={outcome}>
          <TestPanel
            testId={test.data?.id}
            startError={test.error ? (otherErrors(test.error, shownFields) ?? wrongFields) : null}
          />
        </div>
      )}
    </div>
  );
}

const wrongFields = new Error('Some fields are not right yet; each says why.');

type Field = (typeof basicFields)[number] | (typeof optionFields)[number];

interface PartProps {
  draft: MonitorDraft;
  change: (part: Partial<MonitorDraft>) => void;
  at: (field: Field) => string | undefined;
}

function PortOffers({ draft, onDraft }: { draft: MonitorDraft; onDraft: (draft: MonitorDraft) => void }) {
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
          onClick={() => onDraft(withPort(draft, port))}
        >
          {port} · {use}
        </Button>
      ))}
    </div>
  );
}

function SignIn({ draft, change, at }: PartProps) {
  return (
    <div className={`${classes.grid} ${classes.below}`}>
      <TextInput
        className={classes.half}
        label="User name"
        name="monitor-username"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        required
        withAsterisk={false}
        error={at('credentials.username') ?? at('credentials')}
        value={draft.username}
        onChange={(event) => change({ username: event.currentTarget.value })}
      />
      <PasswordInput
        className={classes.half}
        label="Password"
        name="monitor-password"
        autoComplete="new-password"
        required={!draft.passwordStored}
        withAsterisk={false}
        placeholder={draft.passwordStored ? 'Stored; type to replace it' : undefined}
        error={at('credentials.password')}
        value={draft.password}
        onChange={(event) => change({ password: event.currentTarget.value })}
      />
      <Select
        className={classes.half}
        label="Mechanism"
        allowDeselect={false}
        data={[
          { value: 'auto', label: 'Automatic: the strongest offered' },
          { value: 'PLAIN', label: 'PLAIN' },
          { value: 'LOGIN', label: 'LOGIN' },
        ]}
        error={at('credentials.mechanism')}
        value={draft.mechanism}
        onChange={(mechanism) => change({ mechanism: (mechanism ?? 'auto') as MonitorDraft['mechanism'] })}
      />
      {draft.security === 'none' && (
        <Checkbox
          className={classes.wide}
          label="Send the password over the open connection"
          description="Anybody on the way can read it. Without this, the run ends before the login."
          error={at('credentials.allowPlaintext')}
          checked={draft.allowPlaintext}
          onChange={(event) => change({ allowPlaintext: event.currentTarget.checked })}
        />
      )}
      <p className={`${classes.note} ${classes.wide}`}>
        The password is stored encrypted and never shown again; it is not sent where the certificate is not trusted.
      </p>
    </div>
  );
}

function numberOf(value: string | number): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
