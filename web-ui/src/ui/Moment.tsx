import { exactTime, useDistance } from './time';

interface MomentProps {
  at: string;
  /** What is said instead of the distance. */
  children?: string;
}

/** A time as its distance from now; exact on hover. */
export function Moment({ at, children }: MomentProps) {
  const then = new Date(at);
  return (
    <time dateTime={at} title={exactTime(then)} className="pw-nowrap">
      {children ?? <Distance then={then} />}
    </time>
  );
}

function Distance({ then }: { then: Date }) {
  return <>{useDistance(then)}</>;
}
