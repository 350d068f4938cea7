import type { Failure } from '../../api/types';
import { type FailureCode, isFailureCode } from './failureCodes';

// Complete by its type: a new code doesn't compile without its sentence.
const steps: Record<FailureCode, string> = {
  'name-not-found': 'Check the host name for a typing error, then the DNS zone.',
  'no-address':
    'The name exists but has no address of the wanted family: add an A or AAAA record, or change the family.',
  'dns-timeout': 'Check the name servers of the domain, and the resolver the agent uses.',
  'dns-failure': 'Check the name servers of the domain; a broken DNSSEC signature looks like this too.',
  'connection-refused': 'Nothing listens there: check that the mail server runs and that the port is right.',
  'connect-timeout': 'Packets vanish on the way: check the firewall before the server, then whether the host is up.',
  'host-unreachable': 'Check that the host is up and that routes lead to it.',
  'network-unreachable': 'Check the routes between the agent and the server.',
  'connection-reset': 'The server or a firewall cut the connection: look into the log of either.',
  'handshake-failed': "Look into the mail server's log for the TLS error of this time.",
  'handshake-timeout':
    'The server took the connection but did not finish TLS: check its load, and that the port speaks TLS at once.',
  'protocol-version': 'Server and agent share no TLS version: allow TLS 1.2 or 1.3 on the server.',
  'no-common-cipher': 'Allow current cipher suites on the server.',
  alert: 'The server refused TLS with an alert: its log says why.',
  expired: 'Renew the certificate, then reload the mail server: many keep the old one until they are told.',
  'not-yet-valid': 'Check the clock of the server that issued the certificate, and its start date.',
  'name-mismatch':
    'The certificate is for other names: add this one to it, or tell the monitor which name it must carry.',
  'self-signed': 'Have it signed by a trusted authority. If it is right as it is, pin it in the monitor.',
  untrusted:
    'Check which certificate is installed. If it is right, give the monitor its authority or, where one is pinned, the new fingerprint.',
  'incomplete-chain': 'Install the intermediate certificate beside that of the server.',
  weak: 'Issue a certificate with a stronger key or signature.',
  'expires-soon': 'Renew the certificate, and see why it was not renewed by itself.',
  'starttls-not-offered': 'Enable STARTTLS on the server; a device between may also hide it.',
  'starttls-refused': 'The server offered STARTTLS and then refused it: its log says why, often a missing key file.',
  'starttls-injection': 'The server sent bytes before TLS began: update it, this is a known kind of weakness.',
  preauth: 'The server treats the agent as signed in before encryption: remove that trust.',
  'bad-greeting': 'Something else answers at this port, or the server is broken: see the transcript.',
  'bad-reply': 'The server said something outside of the protocol: see the transcript.',
  'reply-too-long': 'The server said more than the protocol allows: see the transcript.',
  'unexpected-close': 'The server closed in the middle: look into its log for this time.',
  'expectation-not-met': 'Compare what the server says with what the monitor expects: one of them was changed.',
  'temporarily-unavailable': 'The server asks to come back later: check its load and its queues.',
  'permanently-refused': 'The server refuses for good: its reply says why, often a block list.',
  greylisted: 'Usual for unknown senders: see whether the next runs pass, or exempt the agent on the server.',
  'rate-limited': 'Run less often, or exempt the agent from the limit.',
  'login-refused':
    'Check user name and password of the monitor, then whether the account is locked. A test of a recipient without a login: give the monitor one, or test where mail from outside arrives.',
  'mechanism-not-offered': 'Choose a mechanism the server offers (see its capabilities), or let the monitor choose.',
  'auth-needs-tls':
    'Use STARTTLS or TLS. Unencrypted, either the server takes no login, or the monitor does not allow to send the password.',
  'auth-unavailable': "The server's directory of users is out of reach: check it.",
  'basic-auth-disabled': 'The provider takes no passwords any more: let the monitor log in with an access token.',
  'token-expired': 'Get a new access token from the provider, and put it into the monitor.',
  'login-withheld':
    'Check user name and password of the monitor, then whether the account is locked. Entering the password anew has it tried at once.',
  'login-suspended':
    'Put the right password into the monitor, or save it again once the agent’s host has the right one: nobody tries the old one any more.',
  timeout: 'The server stopped answering in that phase: check its load, then raise the timeout if this is usual.',
  slow: 'See below which phase takes the time, and compare the places.',
  'address-denied': 'The address lies in a network that agents here may not test: use a private location.',
  'port-denied': 'This port may not be tested from here: use a private location.',
  'needs-verification': 'Prove that the host is yours first.',
  overloaded:
    "The agent had no room for it: see its limits, its host's load, and how many monitors check this server; if it goes on, add an agent to the location. A test can be tried again in a moment.",
  skipped:
    'Nothing for one run: its agent stopped, or the run before was still going on. If that one is each time, raise the period or shorten the timeout.',
  'no-egress':
    'The agent itself has no way out: check its routes, its resolvers, how many sockets it may open, and whether a firewall on its side lets this port through.',
  'internal-error': "Look into the agent's log for this time.",
  'local-secret-unavailable':
    "See on the agent's host whether its configuration still lists the secret, and whether the variable, file or command named there gives it to the agent's user; its log says which failed.",
};

const byFault: Record<Failure['fault'], string> = {
  target: "Look into the mail server's log for this time.",
  network: 'Check the way between agent and server.',
  settings: 'Check the settings of this monitor.',
  agent: 'Look at the agent that ran it.',
};

/** What a person does next about a failure. */
export function nextStep(failure: Failure): string {
  return isFailureCode(failure.code) ? steps[failure.code] : byFault[failure.fault];
}

export const faultWords: Record<Failure['fault'], string> = {
  target: 'the mail server',
  network: 'the network between',
  settings: "the monitor's settings",
  agent: 'our own agent',
};
