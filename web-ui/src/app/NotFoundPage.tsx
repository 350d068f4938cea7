import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/EmptyState';
import { IconSearch } from '../ui/icons';
import { PageHead } from '../ui/PageHead';

export function NotFoundPage() {
  return (
    <>
      <PageHead title="There is nothing here" />
      <EmptyState
        icon={<IconSearch aria-hidden />}
        title="No page, or no longer"
        action={
          <Button component={Link} to="/monitors">
            To the monitors
          </Button>
        }
      >
        The address is mistyped, or what it named was deleted or belongs to another organisation.
      </EmptyState>
    </>
  );
}
