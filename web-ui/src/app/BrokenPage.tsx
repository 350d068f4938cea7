import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { isGone, isUnanswered } from '../api/problem';
import { PageHead } from '../ui/PageHead';
import { ProblemAlert } from '../ui/ProblemAlert';
import { LonePage } from './LonePage';
import { NotFoundPage } from './NotFoundPage';

const retryMillis = 3_000;

/** In place of a page that could not be loaded. While the controller is away it tries again by itself. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = useCallback(() => {
    reset();
    void router.invalidate();
  }, [reset, router]);
  useEffect(() => {
    if (!isUnanswered(error)) {
      return undefined;
    }
    const timer = setTimeout(retry, retryMillis);
    return () => clearTimeout(timer);
  }, [error, retry]);

  if (isGone(error)) {
    return <NotFoundPage />;
  }
  return (
    <>
      <PageHead title="This page can't be shown" />
      <ProblemAlert error={error} onRetry={retry} />
    </>
  );
}

/** The same before there is a console around it. */
export function BrokenConsole(props: ErrorComponentProps) {
  return (
    <LonePage>
      <BrokenPage {...props} />
    </LonePage>
  );
}
