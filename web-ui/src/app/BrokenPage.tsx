import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { isGone } from '../api/problem';
import { PageHead } from '../ui/PageHead';
import { ProblemAlert } from '../ui/ProblemAlert';
import { NotFoundPage } from './NotFoundPage';

export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (isGone(error)) {
    return <NotFoundPage />;
  }
  return (
    <div className="pw-broken">
      <PageHead title="This page can't be shown" />
      <ProblemAlert
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
