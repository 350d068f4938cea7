import { EmptyState } from '../ui/EmptyState';
import { IconSearch } from '../ui/icons';
import { LinkButton } from '../ui/LinkButton';
import { PageHead } from '../ui/PageHead';

export function NotFoundPage() {
  return (
    <>
      <PageHead title="There is nothing here" />
      <EmptyState
        icon={<IconSearch aria-hidden />}
        title="No page, or no longer"
        action={<LinkButton to="/monitors">To the monitors</LinkButton>}
      >
        The address is mistyped, or what it named was deleted or belongs to another organisation.
      </EmptyState>
    </>
  );
}
