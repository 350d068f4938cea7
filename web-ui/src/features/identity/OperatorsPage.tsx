import { Button, Group, Loader, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/client';
import type { Operator } from '../../api/types';
import { NotFoundPage } from '../../app/NotFoundPage';
import { AskFirst } from '../../ui/AskFirst';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { IconPlus } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { operatorsQuery, useAppointOperator, useDismissOperator } from './operators';
import { startAnew, useMay, useSession } from './session';

/** Who runs the platform. Nobody else is shown that there is such a page. */
export function OperatorsPage() {
  return useMay().operate ? <Operators /> : <NotFoundPage />;
}

function Operators() {
  const operators = useQuery(operatorsQuery(useApi()));
  const session = useSession();
  const [adding, setAdding] = useState(false);
  const [dismissing, setDismissing] = useState<Operator | null>(null);
  const alone = operators.data?.length === 1;

  return (
    <>
      <PageHead
        title="Operators"
        actions={
          <Button leftSection={<IconPlus className="pw-icon" aria-hidden />} onClick={() => setAdding(true)}>
            Add operator
          </Button>
        }
      >
        Who runs the platform: its public locations and their agents. An operator sees nothing of a tenant that they are
        no member of.
      </PageHead>
      <ProblemAlert error={operators.error} onRetry={() => void operators.refetch()} />
      {operators.isPending && <Loader aria-label="Loading the operators" />}
      {operators.data && (
        <Panel flush>
          <div className="pw-table-scroll">
            <table className="pw-table">
              <thead>
                <tr>
                  <th scope="col">E-mail</th>
                  <th scope="col">Since</th>
                  <th scope="col">
                    <span className="pw-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {operators.data.map((operator) => (
                  <tr key={operator.id}>
                    <td>
                      {operator.email}
                      {operator.id === session.user.id && <span className="pw-dimmed"> (you)</span>}
                      {alone && <div className="pw-dimmed">The only one, so the role stays</div>}
                    </td>
                    <td>
                      <Moment at={operator.since} />
                    </td>
                    <td className="pw-end">
                      {!alone && (
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={`Dismiss: ${operator.email}`}
                          onClick={() => setDismissing(operator)}
                        >
                          Dismiss
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
      {adding && <AppointOperator onClose={() => setAdding(false)} />}
      {dismissing && (
        <DismissOperator
          operator={dismissing}
          oneself={dismissing.id === session.user.id}
          onClose={() => setDismissing(null)}
        />
      )}
    </>
  );
}

function AppointOperator({ onClose }: { onClose: () => void }) {
  const appoint = useAppointOperator();
  const [email, setEmail] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    appoint.mutate(email.trim(), { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Add an operator" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="pw-stack">
        <ProblemAlert error={otherErrors(appoint.error, ['email'])} title="Not added" />
        <TextInput
          label="E-mail"
          description="Of somebody who has an account here. They change public locations and choose operators, as you do."
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          error={errorAt(appoint.error, 'email')}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={appoint.isPending}>
            Add operator
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface DismissOperatorProps {
  operator: Operator;
  oneself: boolean;
  onClose: () => void;
}

function DismissOperator({ operator, oneself, onClose }: DismissOperatorProps) {
  const dismiss = useDismissOperator(operator.id);
  return (
    <AskFirst
      opened
      question={`Take the role of an operator from ${operator.email}?`}
      act="Take the role away"
      keep="Leave it as it is"
      pending={dismiss.isPending}
      error={dismiss.error}
      onConfirm={() => dismiss.mutate(undefined, { onSuccess: oneself ? startAnew : onClose })}
      onClose={onClose}
    >
      {oneself
        ? 'You leave this area at once, and only another operator can let you in again.'
        : 'They leave this area at once. What they made stays, and so does what they are in other tenants.'}
    </AskFirst>
  );
}
