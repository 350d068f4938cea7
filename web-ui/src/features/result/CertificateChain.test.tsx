import { MantineProvider } from '@mantine/core';
import { render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Certificate, CertificateFindings } from '../../api/types';
import { expectAccessible } from '../../test/openConsole';
import { CertificateChain } from './CertificateChain';

const LEAF = 'aa'.repeat(32);
const ISSUER = 'bb'.repeat(32);

function aCertificate(fingerprint: string, subject: string): Certificate {
  return {
    fingerprint,
    subject,
    issuer: 'CN=Example Root',
    serialNumber: '1',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    names: [],
    keyAlgorithm: 'EC',
    keyBits: 256,
    signatureAlgorithm: 'SHA256withECDSA',
  };
}

function show(more: Partial<CertificateFindings>) {
  const findings: CertificateFindings = {
    daysLeft: 61,
    notAfter: '2027-01-01T00:00:00Z',
    fingerprints: [LEAF, ISSUER],
    chain: [aCertificate(LEAF, 'CN=mail.example.com'), aCertificate(ISSUER, 'CN=Example Issuer')],
    verdicts: [],
    ...more,
  };
  render(
    <MantineProvider>
      <CertificateChain findings={findings} />
    </MantineProvider>,
  );
  const links = within(screen.getAllByRole('list').at(-1) as HTMLElement).getAllByRole('listitem');
  return links.map((link) => link.textContent ?? '');
}

describe('A chain of certificates', () => {
  it('shows each in its place', () => {
    const [server, issuer, ...others] = show({});
    expect(server).toMatch(/^Server CN=mail\.example\.com/);
    expect(issuer).toMatch(/^Intermediate CN=Example Issuer/);
    expect(others).toEqual([]);
  });

  it('leaves the place of one that is not known by its fingerprint alone', async () => {
    const [server, issuer, ...others] = show({ chain: [aCertificate(ISSUER, 'CN=Example Issuer')] });
    expect(server).toMatch(/^Server Not known/);
    expect(server).toContain(`SHA-256 ${LEAF}`);
    expect(issuer).toMatch(/^Intermediate CN=Example Issuer/);
    expect(others).toEqual([]);
    await expectAccessible();
  });

  it('copes with a chain of which nothing but fingerprints is known, and with one sent twice', () => {
    expect(show({ fingerprints: [LEAF, LEAF, ISSUER], chain: [] }).map((link) => link.split(' ')[0])).toEqual([
      'Server',
      'Issuer',
      'Issuer',
    ]);
  });
});
