import { Button, Loader, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/client';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { LinkButton } from '../../ui/LinkButton';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { setupStateQuery, useSetUp } from './session';
import { Welcome } from './Welcome';

/** First run: makes the organisation and its owner with the token from the controller's log. */
export function SetupPage({ token }: { token?: string }) {
  const state = useQuery(setupStateQuery(useApi()));
  if (state.isPending) {
    return (
      <Welcome title="First run">
        <Loader aria-label="Asking the controller" />
      </Welcome>
    );
  }
  if (state.isError) {
    return (
      <Welcome title="First run">
        <ProblemAlert error={state.error} onRetry={() => void state.refetch()} />
      </Welcome>
    );
  }
  return state.data.needed ? <SetupForm initialToken={token ?? ''} /> : <AlreadySetUp />;
}

function AlreadySetUp() {
  return (
    <Welcome title="Already set up" lead="This Postwatch has its owner. Ask them for an invitation, or sign in.">
      <LinkButton to="/sign-in" fullWidth>
        Sign in
      </LinkButton>
    </Welcome>
  );
}

function SetupForm({ initialToken }: { initialToken: string }) {
  const navigate = useNavigate();
  const setUp = useSetUp();
  const [token, setToken] = useState(initialToken);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tenantName, setTenantName] = useState('');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate(
      { token: token.trim(), email: email.trim(), password, tenantName: tenantName.trim() || undefined },
      { onSuccess: () => void navigate({ to: '/monitors' }) },
    );
  };

  return (
    <Welcome
      title="Set up Postwatch"
      lead={
        initialToken
          ? 'Make the first account. It owns everything that is watched here.'
          : 'Make the first account. The one-time token is in the log of the controller, printed at its first start.'
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <ProblemAlert
            error={otherErrors(setUp.error, ['token', 'email', 'password', 'tenantName'])}
            title="Not set up"
          />
          <TextInput
            label="Set-up token"
            name="token"
            autoComplete="off"
            spellCheck={false}
            required
            withAsterisk={false}
            autoFocus={!initialToken}
            classNames={{ input: 'pw-mono' }}
            error={errorAt(setUp.error, 'token')}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus={Boolean(initialToken)}
            error={errorAt(setUp.error, 'email')}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            description="At least 12 characters; a few words are easier to remember than signs."
            autoComplete="new-password"
            required
            withAsterisk={false}
            error={errorAt(setUp.error, 'password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <TextInput
            label="Organisation"
            name="tenantName"
            description="Optional. Shown in the console and later in alerts."
            autoComplete="organization"
            error={errorAt(setUp.error, 'tenantName')}
            value={tenantName}
            onChange={(event) => setTenantName(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth mt={4} loading={setUp.isPending}>
            Make the account
          </Button>
        </Stack>
      </form>
    </Welcome>
  );
}
