/** A file that holds no certificate; the message is for people. */
export class UnreadableFile extends Error {}

const mostBytes = 64 * 1_024;
const header = '-----BEGIN CERTIFICATE-----';
const derSequence = 0x30;

/** The certificates of a file as PEM. One that is DER is written as PEM; nothing leaves the browser. */
export async function pemOf(file: Blob): Promise<string> {
  if (file.size > mostBytes) {
    throw new UnreadableFile('The file is larger than 64 KiB: that is no list of certificates.');
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new UnreadableFile('The file holds a private key, which belongs nowhere but on its server.');
  }
  if (text.includes(header)) {
    return text.trim();
  }
  if (bytes[0] === derSequence) {
    const base64 = btoa(String.fromCharCode(...bytes));
    return `${header}\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----`;
  }
  throw new UnreadableFile('There is no certificate in this file.');
}

export function certificatesIn(pem: string): number {
  return pem.split(header).length - 1;
}
