import type { Location } from '../../api/types';
import { NameDialog } from '../../ui/NameDialog';
import { useSaveLocation } from './queries';

interface LocationFormProps {
  location: Location | null;
  onClose: () => void;
  onSaved?: (location: Location) => void;
}

export function LocationForm({ location, onClose, onSaved }: LocationFormProps) {
  const save = useSaveLocation(location);
  return (
    <NameDialog
      title={location ? `Rename ${location.name}` : 'Add a private location'}
      placeholder="Head office"
      saveLabel={location ? 'Save' : 'Add location'}
      initial={location}
      saving={save.isPending}
      error={save.error}
      onSave={(named) =>
        save.mutate(named, {
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
