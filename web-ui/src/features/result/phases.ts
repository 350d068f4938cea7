/** The phases of a run in the order in which they are stacked, with the words and colours the console has for them. */
const known = {
  resolve: { word: 'Look up the name', colour: '#75859a' },
  connect: { word: 'Connect', colour: '#3d84c6' },
  tls: { word: 'TLS handshake', colour: '#7f63c9' },
  greeting: { word: 'Greeting', colour: '#21a08c' },
  capability: { word: 'Capabilities', colour: '#8fae3c' },
  starttls: { word: 'STARTTLS', colour: '#c678b5' },
  auth: { word: 'Sign in', colour: '#df8f2d' },
  select: { word: 'Open the mailbox', colour: '#4fb3d9' },
  mail: { word: 'Sender', colour: '#b68d5c' },
  rcpt: { word: 'Recipient', colour: '#d3636c' },
  data: { word: 'Message', colour: '#5d9f61' },
  deliver: { word: 'Delivery', colour: '#976f52' },
  fetch: { word: 'Fetch', colour: '#56a3a6' },
  quit: { word: 'Say goodbye', colour: '#a6b0bc' },
} as const;

const order = Object.keys(known);
const unknownColour = '#8a8f98';

export function phaseWord(name: string): string {
  return name in known ? known[name as keyof typeof known].word : name;
}

export function phaseColour(name: string): string {
  return name in known ? known[name as keyof typeof known].colour : unknownColour;
}

/** Names in the order of a run; those of a newer controller come last. */
export function inPhaseOrder(names: Iterable<string>): string[] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
