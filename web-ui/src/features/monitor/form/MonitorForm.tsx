import { Button, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useApi } from '../../../api/client';
import { ProblemError } from '../../../api/problem';
import type { MonitorRequest } from '../../../api/types';
import { Disclosure } from '../../../ui/Disclosure';
import { errorAt, errorWithin, otherErrors } from '../../../ui/fieldErrors';
import { IconBolt } from '../../../ui/icons';
import { Panel } from '../../../ui/Panel';
import { ProblemAlert } from '../../../ui/ProblemAlert';
import { locationsQuery } from '../../fleet/queries';
import { componentsQuery } from '../../inventory/queries';
import { ToProof } from '../../proof/ToProof';
import { vantageNames } from '../../result/families';
import { monitorTestQuery, useStartMonitorTest } from '../queries';
import { planSentences } from '../sentences';
import { TestPanel } from '../TestPanel';
import { CertificateOptions, certificateFields } from './CertificateOptions';
import { ConnectionFields, connectionFields } from './ConnectionFields';
import { defaultPlaces, type MonitorDraft, requestOf } from './draft';
import { Expectations, expectationFields } from './Expectations';
import { HowFar, reachFields } from './HowFar';
import { LoginFields, loginFields } from './LoginFields';
import classes from './MonitorForm.module.css';
import { MonitorOptions, optionFields } from './MonitorOptions';
import { settled } from './numbers';
import { asksAboutCertificate, asksOnTheWay, expectsSomething } from './options';
import { certificateWords, expectationWords, optionSentences, reachWords } from './optionWords';
import { PlaceChoice } from './PlaceChoice';
import type { PartProps } from './parts';
import { type SeenFrom, seenCapabilities, seenCertificates } from './seen';

interface MonitorFormProps {
  /** Of the monitor that is edited; a new one has none. */
  monitorId?: string;
  initial: MonitorDraft;
  saving: boolean;
  error: unknown;
  saveLabel: string;
  onSave: (draft: MonitorDraft) => void;
  /** What the last run of each place saw. */
  seen?: readonly SeenFrom[];
  /** Loads what somebody else saved in the meantime. */
  onReload?: () => void;
}

export function MonitorForm(props: MonitorFormProps) {
  const { monitorId, initial, saving, error: saveError, saveLabel, onSave, seen = [], onReload } = props;
  const api = useApi();
  const locations = useQuery(locationsQuery(api)).data ?? [];
  const components = useQuery(componentsQuery(api)).data ?? [];
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(initial);
  const test = useStartMonitorTest();
  const outcome = useRef<HTMLDivElement>(null);
  const testId = test.data?.id;
  const tested = useQuery(monitorTestQuery(api, testId)).data?.outcomes ?? [];
  useEffect(() => {
    if (testId) {
      outcome.current?.scrollIntoView({ block: 'start' });
    }
  }, [testId]);
  // Whichever was asked last has answered about the fields.
  const error = saveError ?? test.error;
  const part: PartProps = {
    draft,
    change: (change) => setDraft((before) => ({ ...before, ...change })),
    at: (field, ownPlaces) => errorAt(error, field, ownPlaces),
  };
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

  const encrypts = draft.security !== 'none';
  const shownFields = [
    ...connectionFields,
    ...(draft.signsIn ? loginFields : []),
    ...placeFields,
    ...optionFields,
    ...(encrypts ? certificateFields : []),
    ...expectationFields,
    ...reachFields(part),
  ];
  const wrongWithin = (fields: readonly string[]) => errorWithin(error, fields);
  const conflict = saveError instanceof ProblemError && saveError.status === 412;
  const places = draft.places ?? defaultPlaces(locations, draft);
  const testedName = vantageNames(tested, 'any');
  const lastSeen = tested.some(({ result }) => result)
    ? tested.map((outcome) => ({ place: testedName(outcome), result: outcome.result }))
    : seen;

  return (
    <div className={classes.layout}>
      <form ref={form} onSubmit={submit} className={classes.form}>
        <ProblemAlert
          error={otherErrors(saveError, shownFields)}
          title="Not saved"
          onRetry={conflict ? onReload : undefined}
          retryLabel="Load what was saved"
        />
        <ToProof error={saveError} addresses={{ 'credentials.username': draft.username, recipient: draft.recipient }} />
        <Panel title="How it connects">
          <ConnectionFields {...part} fresh={monitorId === undefined} wrong={wrongWithin(['addressFamily'])} />
        </Panel>
        <Panel title="Login">
          <Switch
            label="Sign in as well"
            description="With a mailbox made for this. Without it, the run ends before the login."
            checked={draft.signsIn}
            onChange={(event) => part.change({ signsIn: event.currentTarget.checked })}
          />
          {draft.signsIn && <LoginFields {...part} locations={locations} places={places} />}
        </Panel>
        <Panel title="From where">
          <PlaceChoice
            locations={locations}
            places={places}
            error={part.at('locations') ?? part.at('locations.locationIds')}
            onChange={(chosen) => part.change({ places: chosen })}
          />
        </Panel>
        <div className={classes.options}>
          <Disclosure
            title="Options"
            summary="name, component, tags, period, timeout, what is slow"
            startsOpen={monitorId !== undefined}
            wrong={wrongWithin(optionFields)}
          >
            <MonitorOptions {...part} components={components} />
          </Disclosure>
          {encrypts && (
            <Disclosure
              title="Certificate"
              summary={certificateWords(draft)}
              startsOpen={asksAboutCertificate(initial)}
              wrong={wrongWithin(certificateFields)}
            >
              <CertificateOptions {...part} seen={seenCertificates(lastSeen)} />
            </Disclosure>
          )}
          <Disclosure
            title="What it must say"
            summary={expectationWords(draft)}
            startsOpen={expectsSomething(initial)}
            wrong={wrongWithin(expectationFields)}
          >
            <Expectations {...part} told={seenCapabilities(lastSeen)} />
          </Disclosure>
          <Disclosure
            title="How far it goes"
            summary={reachWords(draft)}
            startsOpen={asksOnTheWay(initial)}
            wrong={wrongWithin(reachFields(part))}
          >
            <HowFar {...part} />
          </Disclosure>
        </div>
      </form>
      <aside className={classes.aside} aria-label="What will happen">
        <div className={classes.plan}>
          <h2 className={classes.planTitle}>What will happen</h2>
          <div aria-live="polite">
            {[
              ...planSentences({
                ...settled(draft),
                checksCertificate: encrypts,
                percent:
                  draft.lifetime === 'percent'
                    ? { warning: draft.warningPercent, error: draft.errorPercent }
                    : undefined,
                reportOnly: draft.reportOnly,
                signsIn: draft.signsIn,
                bothFamilies: draft.addressFamily === 'both',
                places: locations
                  .filter(({ id, kind }) => places.locationIds.includes(id) && !(places.allPublic && kind === 'public'))
                  .map(({ name }) => name),
                allPublic: places.allPublic,
              }),
              ...optionSentences(draft),
            ].map((sentence) => (
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
            testId={testId}
            startError={test.error ? (otherErrors(test.error, shownFields) ?? wrongFields) : null}
          />
        </div>
      )}
    </div>
  );
}

const placeFields = ['locations', 'locations.locationIds'];
const wrongFields = new Error('Some fields are not right yet; each says why.');
