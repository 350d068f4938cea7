import type { Monitor } from '../src/api/types';
import { fingerprintOf } from './sample-basics.ts';

/** What is watched, and how it does. */

export type Mood =
  | 'good'
  | 'slow'
  | 'refused'
  | 'ipv6-refused'
  | 'ipv6-silent'
  | 'login'
  | 'expired'
  | 'soon'
  | 'new'
  | 'partly'
  | 'pinned'
  | 'greylisted'
  | 'expectation'
  | 'token';

export interface Seed {
  name: string;
  host: string;
  type: Monitor['type'];
  security: Monitor['security'];
  port: number;
  mood: Mood;
  signsIn?: boolean;
  paused?: boolean;
  asked?: Partial<Monitor>;
}

export const seeds: Seed[] = [
  {
    name: 'Mailboxes',
    host: 'imap.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'good',
    signsIn: true,
    asked: { folder: 'INBOX', addressFamily: 'any' },
  },
  {
    name: 'Submission',
    host: 'smtp.example.com',
    type: 'smtp',
    security: 'starttls',
    port: 587,
    mood: 'good',
    signsIn: true,
  },
  { name: 'mx1.example.com', host: 'mx1.example.com', type: 'smtp', security: 'starttls', port: 25, mood: 'partly' },
  { name: 'mx2.example.com', host: 'mx2.example.com', type: 'smtp', security: 'starttls', port: 25, mood: 'refused' },
  {
    name: 'Shop mailboxes',
    host: 'mail.shop.example',
    type: 'imap',
    security: 'starttls',
    port: 143,
    mood: 'login',
    signsIn: true,
  },
  { name: 'Shop relay', host: 'relay.shop.example', type: 'smtp', security: 'tls', port: 465, mood: 'soon' },
  { name: 'Old relay', host: 'relay-old.example.com', type: 'smtp', security: 'tls', port: 465, mood: 'expired' },
  {
    name: 'Archive',
    host: 'archive.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'slow',
    signsIn: true,
  },
  { name: 'Printer gateway', host: '2001:db8::25', type: 'smtp', security: 'none', port: 25, mood: 'good' },
  {
    name: 'Test system',
    host: 'imap.test.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'good',
    paused: true,
  },
  {
    name: 'Inbound mail',
    host: 'mx.shop.example',
    type: 'smtp',
    security: 'starttls',
    port: 25,
    mood: 'greylisted',
    asked: { recipient: 'postmaster@shop.example' },
  },
  {
    name: 'Cloud mailboxes',
    host: 'outlook.example',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'token',
    asked: {
      credentials: {
        username: 'probe@shop.example',
        passwordSet: false,
        accessTokenSet: true,
        mechanism: 'XOAUTH2',
        allowPlaintext: false,
      },
    },
  },
  {
    name: 'Plant mailboxes',
    host: 'pop.plant.example.com',
    type: 'pop3',
    security: 'tls',
    port: 995,
    mood: 'pinned',
    signsIn: true,
    asked: {
      certificate: { warningPercent: 25, errorPercent: 10, reportOnly: false, pin: fingerprintOf(1) },
      thresholds: {
        warningSeconds: 8,
        errorSeconds: 20,
        phases: [{ phase: 'auth', warningSeconds: 3, errorSeconds: 6 }],
      },
    },
  },
  {
    name: 'Partner relay',
    host: 'relay.partner.example',
    type: 'smtp',
    security: 'starttls',
    port: 25,
    mood: 'expectation',
    asked: {
      stopAfter: 'starttls',
      expectations: { greetingContains: 'ESMTP', capabilities: ['SMTPUTF8', 'DSN'], minimumTls: '1.2' },
    },
  },
  {
    name: 'Outgoing mail',
    host: 'out.example.com',
    type: 'smtp',
    security: 'tls',
    port: 465,
    mood: 'ipv6-refused',
    asked: { addressFamily: 'both' },
  },
  {
    name: 'Dual-stack relay',
    host: 'relay6.partner.example',
    type: 'smtp',
    security: 'tls',
    port: 465,
    mood: 'ipv6-silent',
    asked: { addressFamily: 'both' },
  },
  {
    name: 'New mailboxes',
    host: 'imap2.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'new',
    signsIn: true,
  },
];

const seedsById = new Map<string, Seed>();

export function remember(monitorId: string, seed: Seed): void {
  seedsById.set(monitorId, seed);
}

export function moodOf(monitorId: string): Mood {
  return seedsById.get(monitorId)?.mood ?? 'good';
}
