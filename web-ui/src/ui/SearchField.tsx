import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { IconSearch } from './icons';

const typingMillis = 250;

interface SearchFieldProps {
  label: string;
  value: string;
  /** Told once the person pauses typing. */
  onChange: (value: string) => void;
  className?: string;
}

export function SearchField({ label, value, onChange, className }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, typingMillis);
  useEffect(() => setText(value), [value]);
  const change = (next: string) => {
    setText(next);
    tell(next);
  };
  return (
    <TextInput
      className={className}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch className="pw-icon" aria-hidden />}
      rightSection={text && <CloseButton size="sm" aria-label={`Clear: ${label}`} onClick={() => change('')} />}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
