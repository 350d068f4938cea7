import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Authority, Root } from '../../api/types';
import { aSession, FakeController, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

const issuing: Root = {
  fingerprint: 'a'.repeat(64),
  state: 'issuing',
  validFrom: '2026-11-22T05:00:00Z',
  validUntil: '2036-11-22T05:00:00Z',
  issuesFrom: '2026-11-22T05:00:00Z',
  agents: 12,
};
const next: Root = {
  fingerprint: 'b'.repeat(64),
  state: 'next',
  validFrom: '2026-11-23T05:00:00Z',
  validUntil: '2036-11-23T05:00:00Z',
  agents: 9,
};
let controller: FakeController;
let authority: Authority;

beforeEach(() => {
  authority = { roots: [issuing], agents: 12 };
  controller = new FakeController()
    .on('GET /api/v1/session', () => aSession('OPERATOR'))
    .on('GET /api/v1/authority', () => authority)
    .install();
});

describe('The authority', () => {
  it('is shown with its roots and how many agents trust each', async () => {
    authority = { roots: [issuing, next], agents: 12 };
    openConsole('/authority');
    const row = within((await screen.findByText('Next, issues nothing yet')).closest('tr') as HTMLElement);
    expect(row.getByText('9 of 12')).toBeTruthy();
    expect(row.getByTitle('b'.repeat(64))).toBeTruthy();
    expect(screen.getByText('12 of 12')).toBeTruthy();
    await expectAccessible();
  });

  it('gets its next root after a question', async () => {
    controller.on('POST /api/v1/authority/rotation', () => {
      authority = { roots: [issuing, next], agents: 12 };
      return authority;
    });
    openConsole('/authority');
    await userEvent.click(await screen.findByRole('button', { name: 'Make the next root' }));
    const question = await screen.findByRole('dialog', { name: 'Make the next root?' });
    expect(controller.callsTo('POST /api/v1/authority/rotation')).toHaveLength(0);
    await userEvent.click(within(question).getByRole('button', { name: 'Make the next root' }));
    expect(await screen.findByText('Next, issues nothing yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Change to the next root' })).toBeTruthy();
  });

  it('changes to it after a question that says who does not know it yet', async () => {
    authority = { roots: [issuing, next], agents: 12 };
    controller.on('POST /api/v1/authority/change', () => {
      authority = { roots: [issuing, { ...next, issuesFrom: '2026-11-24T05:00:00Z' }], agents: 12 };
      return authority;
    });
    openConsole('/authority');
    await userEvent.click(await screen.findByRole('button', { name: 'Change to the next root' }));
    const question = await screen.findByRole('dialog', { name: 'Change to the next root?' });
    expect(question.textContent).toContain('3 of 12 agents have not said');
    await userEvent.click(within(question).getByRole('button', { name: 'Change to the next root' }));
    expect(await screen.findByText(/Takes over/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Change to the next root' })).toBeNull();
  });

  it('says why a step was refused', async () => {
    controller.on('POST /api/v1/authority/rotation', () => refusal(503, 'unavailable', 'The database is away.'));
    openConsole('/authority');
    await userEvent.click(await screen.findByRole('button', { name: 'Make the next root' }));
    const question = await screen.findByRole('dialog', { name: 'Make the next root?' });
    await userEvent.click(within(question).getByRole('button', { name: 'Make the next root' }));
    expect(await within(question).findByText(/The database is away/)).toBeTruthy();
  });

  it('is no page for anybody else', async () => {
    controller.on('GET /api/v1/session', () => aSession('OWNER'));
    openConsole('/authority');
    await screen.findByRole('link', { name: 'Monitors' });
    expect(screen.queryByRole('heading', { name: 'Authority' })).toBeNull();
    expect(controller.callsTo('GET /api/v1/authority')).toHaveLength(0);
  });
});
