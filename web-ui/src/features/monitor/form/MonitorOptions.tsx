import { Select, TagsInput, TextInput } from '@mantine/core';
import classes from './MonitorForm.module.css';
import { NumberField } from './NumberField';
import { settled } from './numbers';
import { PhaseLimits } from './PhaseLimits';
import type { PartProps } from './parts';

export const optionFields = [
  'name',
  'componentId',
  'periodSeconds',
  'timeoutSeconds',
  'thresholds',
  'thresholds.warningSeconds',
  'thresholds.errorSeconds',
  'thresholds.phases',
  'tags',
] as const;

interface MonitorOptionsProps extends PartProps {
  components: { id: string; name: string }[];
}

/** How a monitor is called, how often it runs and when it is slow. */
export function MonitorOptions({ draft, change, at, components }: MonitorOptionsProps) {
  const numbers = settled(draft);
  const seconds = (name: keyof typeof numbers) => ({
    className: classes.quarter,
    suffix: ' s',
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
      <TagsInput
        className={classes.whole}
        label="Tags"
        placeholder={draft.tags.length === 0 ? 'Type and press Enter' : undefined}
        error={at('tags')}
        value={draft.tags}
        onChange={(tags) => change({ tags })}
      />
      <NumberField label="Every" min={10} max={86_400} error={at('periodSeconds')} {...seconds('periodSeconds')} />
      <NumberField
        label="Give up after"
        min={1}
        max={300}
        error={at('timeoutSeconds')}
        {...seconds('timeoutSeconds')}
      />
      <NumberField
        label="Slow: warning from"
        min={0}
        max={299}
        error={at('thresholds.warningSeconds') ?? at('thresholds')}
        {...seconds('warningSeconds')}
      />
      <NumberField
        label="Slow: error from"
        min={0}
        max={299}
        error={at('thresholds.errorSeconds')}
        {...seconds('errorSeconds')}
      />
      <PhaseLimits draft={draft} change={change} at={at} />
    </div>
  );
}
