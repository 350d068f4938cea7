import type { MonitorDraft } from './draft';

/** What every part of the form gets: the draft, how to change it, and what the controller said about a field. */
export interface PartProps {
  draft: MonitorDraft;
  change: (part: Partial<MonitorDraft>) => void;
  at: (field: string, ownPlaces?: readonly string[]) => string | undefined;
}
