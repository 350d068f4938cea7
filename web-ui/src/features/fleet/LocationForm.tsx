import { Select } from '@mantine/core';
import { useState } from 'react';
import type { Location } from '../../api/types';
import { errorAt } from '../../ui/fieldErrors';
import { NameDialog } from '../../ui/NameDialog';
import { useMay } from '../identity/session';
import { countries } from './countries';
import { useSaveLocation } from './queries';

interface LocationFormProps {
  location: Location | null;
  onClose: () => void;
  onSaved?: (location: Location) => void;
}

/** Operators make public locations, everybody else private ones. */
export function LocationForm({ location, onClose, onSaved }: LocationFormProps) {
  const save = useSaveLocation(location);
  const { operate } = useMay();
  const [country, setCountry] = useState(location?.country ?? null);
  return (
    <NameDialog
      title={titleOf(location, operate)}
      placeholder={operate ? 'Frankfurt' : 'Head office'}
      saveLabel={location ? 'Save' : 'Add location'}
      initial={location}
      saving={save.isPending}
      error={save.error}
      moreFields={operate ? ['country'] : []}
      more={
        operate && (
          <Select
            label="Country"
            placeholder="Where it is"
            data={countries().map(({ code, name }) => ({ value: code, label: name }))}
            searchable
            error={errorAt(save.error, 'country')}
            value={country}
            onChange={setCountry}
          />
        )
      }
      onSave={(named) =>
        save.mutate(operate ? { ...named, country: country ?? undefined } : named, {
          onSuccess: (saved) => {
            onClose();
            onSaved?.(saved);
          },
        })
      }
      onClose={onClose}
    />
  );
}

function titleOf(location: Location | null, operate: boolean): string {
  if (location) {
    return operate ? `Edit ${location.name}` : `Rename ${location.name}`;
  }
  return operate ? 'Add a public location' : 'Add a private location';
}
