import { NumberInput } from '@mantine/core';
import { useState } from 'react';

interface NumberFieldProps {
  className: string | undefined;
  label: string;
  suffix: string;
  min: number;
  max: number;
  error: string | undefined;
  /** By hand; undefined where nobody has. */
  said: number | undefined;
  /** Said or not; 0 for none. */
  holds: number;
  onSay: (value: number | undefined) => void;
  'aria-label'?: string;
}

/** Shows what holds, and tells only what is typed. Emptied, it is back at the default, and shows it once it is left. */
export function NumberField({ said, holds, onSay, ...shown }: NumberFieldProps) {
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
