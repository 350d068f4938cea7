import { Select, TextInput } from '@mantine/core';
import type { StopAfter } from '../../../api/types';
import { stopWords } from '../words';
import classes from './MonitorForm.module.css';
import { stopAfterOf, stopsOf } from './options';
import type { PartProps } from './parts';

/** Only the fields that are there: what is said about another is said above the form. */
export function reachFields({ draft }: Pick<PartProps, 'draft'>): string[] {
  return [
    ...(stopsOf(draft).length > 1 ? ['stopAfter'] : []),
    ...(draft.type === 'smtp' ? ['recipient'] : []),
    ...(draft.type === 'imap' && draft.signsIn ? ['folder'] : []),
  ];
}

/** Where the dialogue ends, and what is asked for on the way. */
export function HowFar({ draft, change, at }: PartProps) {
  const stops = stopsOf(draft);
  const end = stops.at(-1);
  return (
    <div className={classes.grid}>
      {draft.type === 'smtp' && (
        <TextInput
          className={classes.half}
          label="Ask about a recipient"
          description="Whether mail to this address is taken. None is ever sent."
          placeholder="postmaster@example.com"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          error={at('recipient')}
          value={draft.recipient}
          onChange={(event) => change({ recipient: event.currentTarget.value })}
        />
      )}
      {draft.type === 'imap' && draft.signsIn && (
        <TextInput
          className={classes.half}
          label="Open a folder"
          description="To read only, after the login."
          placeholder="INBOX"
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          error={at('folder')}
          value={draft.folder}
          onChange={(event) => change({ folder: event.currentTarget.value })}
        />
      )}
      {stops.length > 1 ? (
        <Select
          className={classes.half}
          label="Stop early"
          description="What comes later is not asked for."
          placeholder="Not before everything is asked for"
          clearable
          data={stops.map((stop) => ({ value: stop, label: `After ${stopWords[stop]}` }))}
          error={at('stopAfter')}
          value={stopAfterOf(draft) ?? null}
          onChange={(stopAfter) => change({ stopAfter: stopAfter as StopAfter | null })}
        />
      ) : (
        end && <p className={classes.note}>The run ends after {stopWords[end]}, and says goodbye.</p>
      )}
      {draft.type === 'imap' && !draft.signsIn && (
        <p className={classes.note}>With a login, a folder can be opened as well.</p>
      )}
    </div>
  );
}
