import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconDeviceDesktop, IconMoon, IconSun } from '../ui/icons';

const choices: { value: MantineColorScheme; name: string; icon: ReactNode }[] = [
  { value: 'light', name: 'Light', icon: <IconSun className="pw-icon" aria-hidden /> },
  { value: 'dark', name: 'Dark', icon: <IconMoon className="pw-icon" aria-hidden /> },
  { value: 'auto', name: 'As the system', icon: <IconDeviceDesktop className="pw-icon" aria-hidden /> },
];

export function ColorSchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={choices.map(({ value, name, icon }) => ({
        value,
        label: (
          <span title={name}>
            {icon}
            <span className="pw-hidden">{name}</span>
          </span>
        ),
      }))}
    />
  );
}
