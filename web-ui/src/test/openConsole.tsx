import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import axe from 'axe-core';
import { expect } from 'vitest';
import { Console, createConsole } from '../app/Console';

/** Opens the whole console at a URL, as a browser would. */
export function openConsole(url: string) {
  const console = createConsole(createMemoryHistory({ initialEntries: [url] }));
  console.queryClient.setDefaultOptions({
    queries: { ...console.queryClient.getDefaultOptions().queries, retry: false },
  });
  render(<Console {...console} />);
  const at = () => console.router.state.location.href;
  return { ...console, at };
}

/** What axe finds wrong with the page. Colours need a real browser: jsdom paints nothing. */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}
