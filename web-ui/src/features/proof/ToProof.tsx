import { ProblemError } from '../../api/problem';
import { LinkButton } from '../../ui/LinkButton';

/** The way from a refused monitor to the page where its domains are proven; in a tab of its own, so that nothing is lost. */
export function ToProof({ error, addresses }: { error: unknown; addresses: Record<string, string> }) {
  const domains = missingProofs(error, addresses);
  return (
    <>
      {domains.map((domain) => (
        <LinkButton key={domain} to="/domains" search={{ claim: domain }} target="_blank" size="xs" variant="light">
          Prove {domain}
        </LinkButton>
      ))}
    </>
  );
}

/** @param addresses what was entered, by field */
export function missingProofs(error: unknown, addresses: Record<string, string>): string[] {
  if (!(error instanceof ProblemError)) {
    return [];
  }
  const domains = error.fieldErrors
    .filter(({ code }) => code === 'domain-proof-required')
    .map(({ field }) => addresses[field]?.trim().split('@').at(-1)?.toLowerCase() ?? '')
    .filter((domain) => domain !== '');
  return [...new Set(domains)];
}
