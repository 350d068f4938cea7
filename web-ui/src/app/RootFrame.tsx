import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Moves the focus to the title of a page that was navigated to, so that it is read out and Tab starts there. */
export function RootFrame() {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (pathChanged && fromLocation) {
          document.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true });
        }
      }),
    [router],
  );
  return <Outlet />;
}
