import { Select, TagsInput, TextInput } from '@mantine/core';
import type { MinimumTls } from '../../../api/types';
import classes from './MonitorForm.module.css';
import type { PartProps } from './parts';

export const expectationFields = [
  'expectations',
  'expectations.greetingContains',
  'expectations.capabilities',
  'expectations.minimumTls',
] as const;

/** What the server must say, or the run fails. */
export function Expectations({ draft, change, at, told }: PartProps & { told: readonly string[] }) {
  return (
    <div className={classes.grid}>
      <TextInput
        className={classes.half}
        label="Greeting contains"
        description="In capitals or not."
        placeholder="ESMTP Postfix"
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        error={at('expectations.greetingContains') ?? at('expectations')}
        value={draft.greetingContains}
        onChange={(event) => change({ greetingContains: event.currentTarget.value })}
      />
      {draft.security !== 'none' && (
        <Select
          className={classes.half}
          label="Oldest TLS"
          description="An older version is an error."
          placeholder="Whatever both sides speak"
          clearable
          data={[
            { value: '1.2', label: 'TLS 1.2' },
            { value: '1.3', label: 'TLS 1.3' },
          ]}
          error={at('expectations.minimumTls')}
          value={draft.minimumTls}
          onChange={(minimumTls) => change({ minimumTls: minimumTls as MinimumTls | null })}
        />
      )}
      <TagsInput
        className={classes.whole}
        label="Capabilities it must offer"
        description="As told last, after encryption and login. A keyword, or a keyword with its parameter."
        placeholder={draft.capabilities.length === 0 ? examples[draft.type] : undefined}
        data={told.filter((each) => !draft.capabilities.includes(each))}
        maxTags={20}
        error={at('expectations.capabilities')}
        value={draft.capabilities}
        onChange={(capabilities) => change({ capabilities })}
      />
    </div>
  );
}

const examples = { smtp: '8BITMIME, AUTH PLAIN', imap: 'IDLE, AUTH=PLAIN', pop3: 'UIDL, SASL PLAIN' } as const;
