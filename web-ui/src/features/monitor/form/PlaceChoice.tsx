import { Checkbox, Input, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Location } from '../../../api/types';
import { locationStateWords } from '../../fleet/words';
import type { Places } from './draft';
import classes from './PlaceChoice.module.css';

interface PlaceChoiceProps {
  locations: readonly Location[];
  places: Places;
  error: string | undefined;
  onChange: (places: Places) => void;
}

/** Which places a monitor runs from: all public ones, single ones, or both. */
export function PlaceChoice({ locations, places, error, onChange }: PlaceChoiceProps) {
  const anyPublic = locations.some(({ kind }) => kind === 'public');
  const toggle = (id: string, on: boolean) =>
    onChange({
      ...places,
      locationIds: on ? [...places.locationIds, id] : places.locationIds.filter((each) => each !== id),
    });

  if (locations.length === 0) {
    return (
      <p className="pw-dimmed">
        There is no location yet. It can be saved all the same, and runs once{' '}
        <Link to="/locations" className="pw-link pw-underlined">
          a location with an agent
        </Link>{' '}
        exists.
      </p>
    );
  }
  return (
    <fieldset className={classes.fieldset}>
      <legend className="pw-hidden">Places</legend>
      <Stack gap="sm">
        {anyPublic && (
          <Checkbox
            label="All public locations"
            description="Also those that are added later."
            checked={places.allPublic}
            onChange={(event) => onChange({ ...places, allPublic: event.currentTarget.checked })}
          />
        )}
        <div className={classes.places}>
          {locations.map(({ id, name, kind, state }) => {
            const included = kind === 'public' && places.allPublic;
            return (
              <Checkbox
                key={id}
                label={name}
                description={`${kind === 'public' ? 'Public' : 'Private'}, ${locationStateWords[state]}`}
                checked={included || places.locationIds.includes(id)}
                disabled={included}
                onChange={(event) => toggle(id, event.currentTarget.checked)}
              />
            );
          })}
        </div>
        {error && <Input.Error role="alert">{error}</Input.Error>}
      </Stack>
    </fieldset>
  );
}
