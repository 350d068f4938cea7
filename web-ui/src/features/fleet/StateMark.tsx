import type { Agent, Location } from '../../api/types';
import {
  IconAlertTriangleFilled,
  IconBan,
  IconHourglass,
  IconPlugConnected,
  IconPlugConnectedX,
  IconServer,
  IconTool,
} from '../../ui/icons';
import classes from './StateMark.module.css';
import { agentStateWords, locationStateWords } from './words';

const agentIcons = {
  'awaiting-approval': IconHourglass,
  online: IconPlugConnected,
  offline: IconPlugConnectedX,
  'never-connected': IconHourglass,
  cloned: IconAlertTriangleFilled,
  refused: IconBan,
  revoked: IconBan,
} satisfies Record<Agent['state'], unknown>;

const locationIcons = {
  online: IconPlugConnected,
  silent: IconPlugConnectedX,
  'never-connected': IconHourglass,
  'no-agent': IconServer,
  'in-maintenance': IconTool,
} satisfies Record<Location['state'], unknown>;

export function AgentStateMark({ state }: { state: Agent['state'] }) {
  const Icon = agentIcons[state];
  return (
    <span className={classes.mark} data-state={state}>
      <Icon className="pw-icon" aria-hidden />
      {agentStateWords[state]}
    </span>
  );
}

/** Beside the state: an agent in maintenance is connected or not like any other. */
export function MaintenanceMark() {
  return (
    <span className={classes.mark} data-state="in-maintenance">
      <IconTool className="pw-icon" aria-hidden />
      In maintenance
    </span>
  );
}

export function LocationStateMark({ state }: { state: Location['state'] }) {
  const Icon = locationIcons[state];
  const word = locationStateWords[state];
  return (
    <span className={classes.mark} data-state={state}>
      <Icon className="pw-icon" aria-hidden />
      {word.charAt(0).toUpperCase() + word.slice(1)}
    </span>
  );
}
