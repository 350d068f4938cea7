import { Checkbox, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MonitorDraft } from './draft';
import classes from './MonitorForm.module.css';
import { settled } from './numbers';
import { familyWords } from './words';

export const optionFields = [
  'name',
  'componentId',
  'addressFamily',
  'periodSeconds',
  'timeoutSeconds',
  'thresholds',
  'thresholds.warningSeconds',
  'thresholds.errorSeconds',
  'certificate',
  'certificate.warningDays',
  'certificate.errorDays',
  'tags',
] as const;

interface MonitorOptionsProps {
  draft: MonitorDraft;
  change: (part: Partial<MonitorDraft>) => void;
  at: (field: (typeof optionFields)[number]) => string | undefined;
  components: { id: string; name: string }[];
}

/** Everything about a monitor that has a good default. */
export function MonitorOptions({ draft, change, at, components }: MonitorOptionsProps) {
  const numbers = settled(draft);
  const number = (name: keyof typeof numbers) => ({
    said: draft[name],
    holds: numbers[name],
    onSay: (value: number | undefined) => change({ [name]: value }),
  });
  return (
    <div className={classes.grid}>
      <TextInput
        className={classes.half}
        label="Name"
        placeholder={draft.host || 'The host'}
        maxLength={100}
        error={at('name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Select
        className={classes.half}
        label="Component"
        placeholder="Named after the host"
        clearable
        data={components.map(({ id, name }) => ({ value: id, label: name }))}
        error={at('componentId')}
        value={draft.componentId}
        onChange={(componentId) => change({ componentId })}
      />
      <Seconds label="Every" least={10} most={86_400} error={at('periodSeconds')} {...number('periodSeconds')} />
      <Seconds label="Give up after" most={300} error={at('timeoutSeconds')} {...number('timeoutSeconds')} />
      <Seconds
        label="Slow: warning from"
        least={0}
        most={299}
        error={at('thresholds.warningSeconds') ?? at('thresholds')}
        {...number('warningSeconds')}
      />
      <Seconds
        label="Slow: error from"
        least={0}
        most={299}
        error={at('thresholds.errorSeconds')}
        {...number('errorSeconds')}
      />
      {draft.security !== 'none' && (
        <>
          <Days
            label="Certificate: warning before its end"
            error={at('certificate.warningDays') ?? at('certificate')}
            {...number('warningDays')}
          />
          <Days
            label="Certificate: error before its end"
            error={at('certificate.errorDays')}
            {...number('errorDays')}
          />
          <Checkbox
            className={classes.wide}
            label="Only report on the certificate"
            description="A name that doesn't match or an unknown authority is then shown, but is no error. The password is withheld."
            checked={draft.reportOnly}
            onChange={(event) => change({ reportOnly: event.currentTarget.checked })}
          />
        </>
      )}
      <Select
        className={classes.half}
        label="Addresses"
        allowDeselect={false}
        data={Object.entries(familyWords).map(([value, label]) => ({ value, label }))}
        error={at('addressFamily')}
        value={draft.addressFamily}
        onChange={(family) => change({ addressFamily: (family ?? 'any') as MonitorDraft['addressFamily'] })}
      />
      <TagsInput
        className={classes.half}
        label="Tags"
        placeholder={draft.tags.length === 0 ? 'Type and press Enter' : undefined}
        error={at('tags')}
        value={draft.tags}
        onChange={(tags) => change({ tags })}
      />
    </div>
  );
}

interface NumberFieldProps {
  label: string;
  error: string | undefined;
  /** By hand; undefined where nobody has. */
  said: number | undefined;
  /** Said or not. */
  holds: number;
  onSay: (value: number | undefined) => void;
}

function Seconds({ least = 1, most, ...field }: NumberFieldProps & { least?: number; most: number }) {
  return <NumberField className={classes.quarter} suffix=" s" min={least} max={most} {...field} />;
}

function Days(field: NumberFieldProps) {
  return <NumberField className={classes.half} suffix=" days" min={0} max={3650} {...field} />;
}

interface BoundsProps {
  className: string | undefined;
  suffix: string;
  min: number;
  max: number;
}

/** Shows what holds, and tells only what is typed. Emptied, it is back at the default, and shows it once it is left. */
function NumberField({ said, holds, onSay, ...shown }: NumberFieldProps & BoundsProps) {
  const [emptied, setEmptied] = useState(false);
  const none = holds === 0;
  const value = said ?? (emptied || none ? '' : holds);
  return (
    <NumberInput
      {...shown}
      allowDecimal={false}
      clampBehavior="none"
      startValue={holds}
      placeholder={none ? 'None' : `${holds}${shown.suffix}`}
      value={value}
      onChange={(next) => {
        setEmptied(next === '');
        if (next !== value) {
          onSay(typeof next === 'number' ? next : undefined);
        }
      }}
      onBlur={() => setEmptied(false)}
    />
  );
}
