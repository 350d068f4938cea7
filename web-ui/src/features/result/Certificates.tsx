import { Tabs } from '@mantine/core';
import type { CertificateFindings } from '../../api/types';
import { Panel } from '../../ui/Panel';
import { enumerated } from '../../ui/words';
import { CertificateChain } from './CertificateChain';
import { type Vantage, vantageName } from './families';

interface Seen {
  findings: CertificateFindings;
  places: string[];
}

/** The chain each place last saw; places that saw the same share one. */
export function Certificates({ places }: { places: readonly Vantage[] }) {
  const seen = groupChains(places);
  const first = seen[0];
  if (!first) {
    return null;
  }
  if (seen.length === 1) {
    return (
      <Panel
        title="Certificate"
        hint={first.places.length > 1 ? 'The same from every place that saw one.' : `As seen from ${first.places[0]}.`}
      >
        <CertificateChain findings={first.findings} />
      </Panel>
    );
  }
  return (
    <Panel title="Certificates" hint="The places don't see the same: a load balancer, or a server left behind.">
      <Tabs defaultValue="0" keepMounted={false}>
        <Tabs.List mb="md">
          {seen.map(({ places: names }, index) => (
            <Tabs.Tab key={names.join()} value={String(index)}>
              {enumerated(names)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {seen.map(({ findings, places: names }, index) => (
          <Tabs.Panel key={names.join()} value={String(index)}>
            <CertificateChain findings={findings} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

export function groupChains(places: readonly Vantage[]): Seen[] {
  const groups = new Map<string, Seen>();
  for (const place of places) {
    const findings = place.lastResult?.certificate;
    if (findings) {
      // The verdict may differ by place too: an agent may know another authority.
      const key = [...findings.fingerprints, ...findings.verdicts.map(({ code }) => code)].join(' ');
      const group = groups.get(key);
      if (group) {
        group.places.push(vantageName(place));
      } else {
        groups.set(key, { findings, places: [vantageName(place)] });
      }
    }
  }
  return [...groups.values()];
}
