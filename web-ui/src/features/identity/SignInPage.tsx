import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { useSignIn } from './session';
import { Welcome } from './Welcome';

export function SignInPage({ back }: { back?: string }) {
  const router = useRouter();
  const signIn = useSignIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password }, { onSuccess: () => router.history.replace(safeWayBack(back)) });
  };

  return (
    <Welcome title="Sign in" lead="To the console of your mail monitoring.">
      <form onSubmit={submit}>
        <Stack gap="md">
          <ProblemAlert error={signIn.error} />
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" fullWidth mt={4} loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Welcome>
  );
}

/** Only a place inside of this console: the address comes from the URL, which anybody may have written. */
export function safeWayBack(back: string | undefined): string {
  const home = new URL('.', document.baseURI);
  if (!back?.startsWith('/')) {
    return home.pathname;
  }
  const wanted = new URL(back, home);
  return wanted.origin === home.origin && !wanted.pathname.startsWith('//')
    ? wanted.pathname + wanted.search + wanted.hash
    : home.pathname;
}
