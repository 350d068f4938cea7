import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../api/problem';
import type { DomainProof } from '../../api/types';
import { aSession, FakeController, idOf, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';
import { missingProofs } from './ToProof';
import { lossSentence } from './words';

const proven: DomainProof = {
  id: idOf('proof'),
  domain: 'example.org',
  recordName: '_postwatch-challenge.example.org',
  recordValue: 'postwatch-domain-verification=abc',
  state: 'proven',
  checking: false,
  sentence: 'Proven: public locations log in to its mailboxes and ask for its recipients.',
  claimedAt: '2026-11-22T04:00:00Z',
  provenAt: '2026-11-22T05:00:00Z',
  checkedAt: '2026-11-22T05:00:00Z',
  seenAt: '2026-11-22T05:00:00Z',
  nextCheckAt: '2026-11-23T05:00:00Z',
  monitors: 2,
  places: [
    {
      locationId: idOf('paris'),
      locationName: 'Paris',
      answer: 'present',
      texts: ['postwatch-domain-verification=abc'],
      more: false,
    },
    {
      locationId: idOf('oslo'),
      locationName: 'Oslo',
      answer: 'unknown',
      texts: [],
      more: false,
      message: '192.0.2.53 answered SERVFAIL (2)',
    },
  ],
};
const claimed: DomainProof = {
  ...proven,
  id: idOf('claimed'),
  domain: 'example.net',
  recordName: '_postwatch-challenge.example.net',
  state: 'claimed',
  sentence: 'There is a record with another value: it has to be exactly the one shown here.',
  provenAt: undefined,
  seenAt: undefined,
  nextCheckAt: undefined,
  monitors: 0,
  places: [
    { locationId: idOf('paris'), locationName: 'Paris', answer: 'other', texts: ['v=spf1 <script>'], more: false },
    {
      locationId: idOf('oslo'),
      locationName: 'Oslo',
      answer: 'alias',
      texts: [],
      more: false,
      aliasOf: 'host.example.com',
    },
  ],
};
let controller: FakeController;
let proofs: DomainProof[];

beforeEach(() => {
  proofs = [claimed, proven];
  controller = new FakeController().on('GET /api/v1/domain-proofs', () => ({ items: proofs })).install();
});

describe('Domains', () => {
  it('say how they stand, which record proves them and what each place saw', async () => {
    openConsole('/domains');
    const panel = within(await screen.findByRole('region', { name: 'example.org' }));
    expect(panel.getByText('Proven')).toBeTruthy();
    expect(panel.getByLabelText<HTMLTextAreaElement>('Name of the record of example.org').value).toBe(
      '_postwatch-challenge.example.org',
    );
    expect(panel.getByLabelText<HTMLTextAreaElement>('Value of the record of example.org').value).toBe(
      'postwatch-domain-verification=abc',
    );
    expect(panel.getAllByRole('button', { name: 'Copy' })).toHaveLength(2);
    expect(panel.getByText('Paris: Sees the record')).toBeTruthy();
    expect(panel.getByText('Oslo: No answer: 192.0.2.53 answered SERVFAIL (2)')).toBeTruthy();
    const other = within(screen.getByRole('region', { name: 'example.net' }));
    expect(other.getByText('Not proven yet')).toBeTruthy();
    expect(other.getByText('v=spf1 <script>')).toBeTruthy();
    expect(other.getByText('Oslo: The name is an alias of host.example.com')).toBeTruthy();
    expect(other.getByText(/not checked any more by itself/)).toBeTruthy();
    await expectAccessible();
  });

  it('are added, with a refusal at the field', async () => {
    proofs = [];
    controller.on('POST /api/v1/domain-proofs', () =>
      refusal(400, 'invalid-fields', 'No.', [{ field: 'domain', code: 'bad-domain', message: 'Enter a domain' }]),
    );
    openConsole('/domains');
    expect(await screen.findByText('No domains yet')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Add domain' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a domain' }));
    await userEvent.type(dialog.getByLabelText('Domain'), 'localhost');
    await userEvent.click(dialog.getByRole('button', { name: 'Add domain' }));
    expect(await dialog.findByText('Enter a domain')).toBeTruthy();
    controller.on('POST /api/v1/domain-proofs', () => {
      proofs = [claimed];
      return claimed;
    });
    await userEvent.clear(dialog.getByLabelText('Domain'));
    await userEvent.type(dialog.getByLabelText('Domain'), ' example.net ');
    await userEvent.click(dialog.getByRole('button', { name: 'Add domain' }));
    expect(await screen.findByRole('region', { name: 'example.net' })).toBeTruthy();
    expect(controller.callsTo('POST /api/v1/domain-proofs').at(-1)?.body).toEqual({ domain: 'example.net' });
  });

  it('begin with the one that somebody was sent to prove, unless it is there', async () => {
    const { at } = openConsole('/domains?claim=mail.example.com');
    const dialog = await screen.findByRole('dialog', { name: 'Add a domain' });
    expect(within(dialog).getByLabelText<HTMLInputElement>('Domain').value).toBe('mail.example.com');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(at()).toBe('/domains');
  });

  it('are checked now', async () => {
    controller.on(`POST /api/v1/domain-proofs/${claimed.id}/check`, () => {
      proofs = [{ ...claimed, checking: true, sentence: 'Public agents are looking for the record.' }, proven];
      return proofs[0];
    });
    openConsole('/domains');
    await userEvent.click(await screen.findByRole('button', { name: 'Check example.net now' }));
    expect(await screen.findByText('Public agents are looking for the record.')).toBeTruthy();
  });

  it('are deleted after a question that says what stops', async () => {
    controller.on(`DELETE /api/v1/domain-proofs/${proven.id}`, () => {
      proofs = [claimed];
      return undefined;
    });
    openConsole('/domains');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete example.org' }));
    const question = await screen.findByRole('dialog', { name: 'Delete example.org?' });
    expect(question.textContent).toContain('2 monitors that log in');
    await userEvent.click(within(question).getByRole('button', { name: 'Delete the domain' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'example.org' })).toBeNull());
  });

  it('are only shown to who may not edit', async () => {
    controller.on('GET /api/v1/session', () => aSession('VIEWER'));
    openConsole('/domains?claim=mail.example.com');
    await screen.findByRole('region', { name: 'example.org' });
    expect(screen.queryByRole('button', { name: /Check|Delete|Add/ })).toBeNull();
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('A monitor without proof', () => {
  it('leads to the domains that are missing', async () => {
    controller.on('POST /api/v1/monitors', () =>
      refusal(400, 'invalid-fields', 'No.', [
        {
          field: 'credentials.username',
          code: 'domain-proof-required',
          message: 'Public locations log in as anna@example.com once example.com is proven to be yours',
        },
      ]),
    );
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByLabelText(/Sign in as well/));
    await userEvent.type(screen.getByLabelText('User name'), 'anna@Example.com');
    await userEvent.type(screen.getByLabelText('Password'), 'secret');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    const link = await screen.findByRole('link', { name: 'Prove example.com' });
    expect(link.getAttribute('href')).toContain('/domains?claim=example.com');
    expect(screen.getByText(/once example.com is proven to be yours/)).toBeTruthy();
  });

  it('names each domain once and other refusals never', () => {
    const problem = (code: string) =>
      new ProblemError({
        title: '',
        status: 400,
        code: 'invalid-fields',
        fieldErrors: [
          { field: 'credentials.username', code, message: '' },
          { field: 'recipient', code, message: '' },
        ],
      });
    const addresses = { 'credentials.username': 'anna@example.org', recipient: 'bert@example.org' };
    expect(missingProofs(problem('domain-proof-required'), addresses)).toEqual(['example.org']);
    expect(missingProofs(problem('required'), addresses)).toEqual([]);
    expect(missingProofs(null, addresses)).toEqual([]);
  });
});

it('A deletion of what is not proven stops nothing', () => {
  expect(lossSentence(claimed)).not.toContain('public locations');
});
