import type { Location } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { useOpenLocation } from './queries';

/** The question before the checks of tenants move. There is no way back but to delete the location. */
export function OpenLocation({ location, onClose }: { location: Location; onClose: () => void }) {
  const open = useOpenLocation(location.id);
  return (
    <AskFirst
      opened
      calm
      question={`Open ${location.name} to all tenants?`}
      act="Open the location"
      keep="Go on preparing it"
      pending={open.isPending}
      error={open.error}
      onConfirm={() => open.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <div className="pw-stack">
        <p className="pw-alert-text">
          Every tenant sees it from now on, and every monitor that runs at all public locations runs here too. Where
          this is the first public location, such monitors leave the private ones that stood in for it. Those that log
          in or name a recipient run here only for tenants that have proven the domain; the others wait, and say so.
        </p>
        <p className="pw-alert-text">
          An open location is not closed again: it can only be deleted, once nobody names it.
        </p>
      </div>
    </AskFirst>
  );
}
