import { MantineProvider } from '@mantine/core';
import { render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../api/types';
import { aResult } from '../../test/aController';
import { expectAccessible } from '../../test/openConsole';
import { ResultDetail } from './ResultDetail';

function show(more: Partial<Result>) {
  render(
    <MantineProvider>
      <ResultDetail result={aResult(more)} />
    </MantineProvider>,
  );
}

const factOf = (term: string) => screen.getByText(term).nextElementSibling?.textContent;

describe('A run in full', () => {
  it('says what failed, the next step, the words of the server and whose it is', async () => {
    show({
      status: 'ERROR',
      failure: {
        category: 'service',
        code: 'greylisted',
        phase: 'rcpt',
        fault: 'target',
        message: 'Mail is put off for a while.',
        serverReply: '450 4.2.0 Greylisted',
      },
    });
    expect(screen.getByText('Mail is put off for a while.')).toBeTruthy();
    expect(factOf('Next')).toMatch(/^Usual for unknown senders/);
    expect(factOf('The server said')).toBe('450 4.2.0 Greylisted');
    expect(factOf('Lies with')).toContain('the mail server');
    expect(factOf('Lies with')).toContain('Recipient');
    expect(factOf('Lies with')).toContain('greylisted');
    await expectAccessible();
  });

  it('tells every address that was tried, and how it ended', () => {
    show({
      attempts: [
        { address: '2001:db8::1', startMillis: 4, durationMillis: 2, failureCode: 'network-unreachable' },
        { address: '203.0.113.25', startMillis: 6, durationMillis: 14 },
      ],
    });
    const table = within(screen.getByRole('table', { name: '2 addresses were tried, until one answered' }));
    expect(table.getAllByRole('row').map((row) => row.textContent?.replace(/\s+/g, ' '))).toEqual([
      'AddressOutcomeTook',
      '2001:db8::1 network unreachable2.0 ms',
      '203.0.113.25 connected14 ms',
    ]);
  });

  it('does not speak of attempts where there was one', () => {
    show({ attempts: [{ address: '203.0.113.25', startMillis: 4, durationMillis: 14 }] });
    expect(screen.queryByText(/were tried/)).toBeNull();
  });

  it('tells aliases, who told the addresses, and how it signed in', () => {
    show({ aliases: ['a.example.com', 'b.example.com'], resolver: '192.0.2.53', authMechanism: 'USER-PASS' });
    expect(factOf('Name leads to')).toBe('a.example.com → b.example.com');
    expect(factOf('Looked up at')).toBe('192.0.2.53');
    expect(factOf('Signed in with')).toBe('USER and PASS of POP3');
  });

  it('has a transcript with times, who spoke, and long silences', () => {
    show({
      transcript: [
        { atMillis: 61.25, direction: 'client', text: 'EHLO agent' },
        { atMillis: 6_061.25, direction: 'server', text: '250 mail' },
        { atMillis: 6_062, direction: 'note', text: 'closed' },
      ],
      discardedBytes: 12,
    });
    const lines = within(screen.getByRole('region', { name: 'Transcript' }))
      .getAllByRole('row')
      .slice(1);
    expect(
      lines.map((row) =>
        within(row)
          .getAllByRole('cell')
          .map((cell) => cell.textContent?.trim()),
      ),
    ).toEqual([
      ['61.3', '→ Agent', 'EHLO agent'],
      ['', '', '6.00 s of silence'],
      ['6061.3', '← Server', '250 mail'],
      ['6062.0', '· Note', 'closed'],
    ]);
    expect(screen.getByText(/12 bytes more/)).toBeTruthy();
  });
});
