/**
 * The phases of a run in the order in which they are stacked, with the words and colours the console has for them.
 * Each colour stands out by 3:1 from every surface, light and dark, and each from those it can lie next to.
 */
const known = {
  resolve: { word: 'Look up the name', colour: '#707d8d' },
  connect: { word: 'Connect', colour: '#1581c7' },
  tls: { word: 'TLS handshake', colour: '#8362cd' },
  greeting: { word: 'Greeting', colour: '#0b9a87' },
  capability: { word: 'Capabilities', colour: '#7c9218' },
  starttls: { word: 'STARTTLS', colour: '#b65aa5' },
  auth: { word: 'Sign in', colour: '#ce7304' },
  select: { word: 'Open the folder', colour: '#ba5666' },
  mail: { word: 'Sender', colour: '#927449' },
  rcpt: { word: 'Recipient', colour: '#d44d5a' },
  data: { word: 'Message', colour: '#3f8b4d' },
  deliver: { word: 'Delivery', colour: '#966961' },
  fetch: { word: 'Fetch', colour: '#4f9497' },
  quit: { word: 'Say goodbye', colour: '#998483' },
} as const;

const order = Object.keys(known);
const unknownColour = '#808a94';

export function phaseWord(name: string): string {
  return name in known ? known[name as keyof typeof known].word : name;
}

export function phaseColour(name: string): string {
  return name in known ? known[name as keyof typeof known].colour : unknownColour;
}

/** Those the console knows. */
export const knownPhases: readonly string[] = order;

/** Names in the order of a run; those of a newer controller come last. */
export function inPhaseOrder(names: Iterable<string>): string[] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
