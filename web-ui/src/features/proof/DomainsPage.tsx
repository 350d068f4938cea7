import { Button, Group, Loader, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/client';
import type { DomainProof } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { CopyField } from '../../ui/CopyField';
import { EmptyState } from '../../ui/EmptyState';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconPlus,
  IconRefresh,
  IconTrash,
  IconWorld,
} from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { useMay } from '../identity/session';
import classes from './DomainsPage.module.css';
import { domainProofsQuery, useCheckDomain, useClaimDomain, useWithdrawDomain } from './queries';
import { lossSentence, placeWords, proofStateWords } from './words';

interface DomainsPageProps {
  /** The domain that somebody was sent here to prove. */
  claim: string | undefined;
  onClaimed: () => void;
}

export function DomainsPage({ claim, onClaimed }: DomainsPageProps) {
  const proofs = useQuery(domainProofsQuery(useApi()));
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const sentFor = claim !== undefined && proofs.data?.every(({ domain }) => domain !== claim.toLowerCase());
  const add = may.edit ? (
    <Button leftSection={<IconPlus className="pw-icon" aria-hidden />} onClick={() => setAdding(true)}>
      Add domain
    </Button>
  ) : undefined;
  const close = () => {
    setAdding(false);
    onClaimed();
  };

  return (
    <>
      <PageHead title="Domains" actions={proofs.data?.length ? add : undefined}>
        Public locations log in to mailboxes and ask for recipients of domains that are proven to be yours, and of no
        others. Your own locations need no proof.
      </PageHead>
      <ProblemAlert error={proofs.error} onRetry={() => void proofs.refetch()} />
      {proofs.isPending && <Loader aria-label="Loading the domains" />}
      {proofs.data?.length === 0 && (
        <Panel>
          <EmptyState icon={<IconWorld aria-hidden />} title="No domains yet" action={add}>
            A domain that you add appears here with the DNS record that proves it, and with what public agents see of
            it.
          </EmptyState>
        </Panel>
      )}
      {proofs.data && proofs.data.length > 0 && (
        <div className="pw-stack">
          {proofs.data.map((proof) => (
            <Domain key={proof.id} proof={proof} mayEdit={may.edit} />
          ))}
        </div>
      )}
      {may.edit && (adding || sentFor) && <ClaimDomain initial={claim ?? ''} onClose={close} />}
    </>
  );
}

const stateIcons = {
  claimed: IconCircleDashed,
  proven: IconCircleCheckFilled,
  lapsed: IconAlertTriangleFilled,
} satisfies Record<DomainProof['state'], unknown>;

function Domain({ proof, mayEdit }: { proof: DomainProof; mayEdit: boolean }) {
  const check = useCheckDomain(proof.id);
  const [deleting, setDeleting] = useState(false);
  const StateIcon = stateIcons[proof.state];
  const actions = mayEdit && (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh className="pw-icon" aria-hidden />}
        loading={check.isPending || proof.checking}
        aria-label={`Check ${proof.domain} now`}
        onClick={() => check.mutate()}
      >
        Check now
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTrash className="pw-icon" aria-hidden />}
        aria-label={`Delete ${proof.domain}`}
        onClick={() => setDeleting(true)}
      >
        Delete
      </Button>
    </Group>
  );
  return (
    <Panel title={proof.domain} actions={actions}>
      <div className="pw-stack">
        <ProblemAlert error={check.error} title="Not checked" />
        <div className={classes.head}>
          <span className={classes.mark} data-state={proof.state}>
            <StateIcon className="pw-icon" aria-hidden />
            {proofStateWords[proof.state]}
          </span>
          <Times proof={proof} />
        </div>
        <p className={classes.sentence} role="status">
          {proof.sentence}
        </p>
        <div>
          <p className={classes.label}>TXT record: name</p>
          <CopyField value={proof.recordName} label={`Name of the record of ${proof.domain}`} />
        </div>
        <div>
          <p className={classes.label}>TXT record: value</p>
          <CopyField value={proof.recordValue} label={`Value of the record of ${proof.domain}`} />
        </div>
        {proof.places.length > 0 && (
          <div>
            <p className={classes.label}>{proof.checking ? 'What public agents see' : 'What public agents saw last'}</p>
            <ul className={classes.places} aria-label={`Places that looked for the record of ${proof.domain}`}>
              {proof.places.map((place, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: several agents of a place are told apart by their order alone
                <li key={`${place.locationId} ${index}`}>
                  {place.locationName}: {placeWords(place)}
                  {place.answer === 'other' && (
                    <ul className={`${classes.texts} pw-mono`}>
                      {[...new Set(place.texts)].map((text) => (
                        <li key={text}>{text}</li>
                      ))}
                    </ul>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      {deleting && <WithdrawDomain proof={proof} onClose={() => setDeleting(false)} />}
    </Panel>
  );
}

function Times({ proof }: { proof: DomainProof }) {
  return (
    <span className="pw-dimmed">
      {proof.state === 'proven' && proof.provenAt && (
        <>
          since <Moment at={proof.provenAt} />,{' '}
        </>
      )}
      {proof.checkedAt ? (
        <>
          checked <Moment at={proof.checkedAt} />
        </>
      ) : (
        <>
          added <Moment at={proof.claimedAt} />
        </>
      )}
      {proof.state === 'proven' && proof.lapsesAt && (
        <>
          , ends <Moment at={proof.lapsesAt} /> unless the record comes back
        </>
      )}
      {!proof.checking && (
        <>
          ,{' '}
          {proof.nextCheckAt ? (
            <>
              next check <Moment at={proof.nextCheckAt} />
            </>
          ) : (
            'not checked any more by itself'
          )}
        </>
      )}
    </span>
  );
}

function ClaimDomain({ initial, onClose }: { initial: string; onClose: () => void }) {
  const claim = useClaimDomain();
  const [domain, setDomain] = useState(initial);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    claim.mutate(domain.trim(), { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Add a domain" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="pw-stack">
        <ProblemAlert error={otherErrors(claim.error, ['domain'])} title="Not added" />
        <TextInput
          label="Domain"
          description="What stands behind the @ of its addresses. It proves the domains below it, too. The next step is a DNS record."
          placeholder="example.org"
          required
          withAsterisk={false}
          data-autofocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          error={errorAt(claim.error, 'domain')}
          value={domain}
          onChange={(event) => setDomain(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={claim.isPending}>
            Add domain
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function WithdrawDomain({ proof, onClose }: { proof: DomainProof; onClose: () => void }) {
  const withdraw = useWithdrawDomain(proof.id);
  return (
    <AskFirst
      opened
      question={`Delete ${proof.domain}?`}
      act="Delete the domain"
      pending={withdraw.isPending}
      error={withdraw.error}
      onConfirm={() => withdraw.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      {lossSentence(proof)}
    </AskFirst>
  );
}
