/** The numbers of a monitor as they hold. A threshold of 0 s is none; 0 days before its end is at its end. */
export interface SettledNumbers {
  periodSeconds: number;
  timeoutSeconds: number;
  warningSeconds: number;
  errorSeconds: number;
  warningDays: number;
  errorDays: number;
}

/** What somebody has said about them. What is undefined is left to the controller's defaults. */
export type Numbers = { [Name in keyof SettledNumbers]: number | undefined };

/** The controller's defaults. */
export const usual: SettledNumbers = {
  periodSeconds: 60,
  timeoutSeconds: 30,
  warningSeconds: 8,
  errorSeconds: 20,
  warningDays: 21,
  errorDays: 7,
};

export const nothingSaid: Numbers = {
  periodSeconds: undefined,
  timeoutSeconds: undefined,
  warningSeconds: undefined,
  errorSeconds: undefined,
  warningDays: undefined,
  errorDays: undefined,
};

/** What holds after what was said, by the controller's rule: a default that does not fit it is left out. */
export function settled(said: Numbers): SettledNumbers {
  const periodSeconds = said.periodSeconds ?? usual.periodSeconds;
  const timeoutSeconds = said.timeoutSeconds ?? Math.min(usual.timeoutSeconds, periodSeconds);
  return {
    periodSeconds,
    timeoutSeconds,
    ...settledThresholds(said, timeoutSeconds > 0 ? timeoutSeconds : usual.timeoutSeconds),
    ...settledDays(said),
  };
}

function settledThresholds(said: Numbers, timeout: number) {
  const warningFits = usual.warningSeconds < (said.errorSeconds || timeout) && usual.warningSeconds < timeout;
  const warningSeconds = said.warningSeconds ?? (warningFits ? usual.warningSeconds : 0);
  const errorFits = usual.errorSeconds < timeout && usual.errorSeconds > warningSeconds;
  return { warningSeconds, errorSeconds: said.errorSeconds ?? (errorFits ? usual.errorSeconds : 0) };
}

function settledDays(said: Numbers) {
  const warningFits = said.errorDays === undefined || said.errorDays < usual.warningDays;
  const warningDays = said.warningDays ?? (warningFits ? usual.warningDays : 0);
  const errorFits = warningDays === 0 || warningDays > usual.errorDays;
  return { warningDays, errorDays: said.errorDays ?? (errorFits ? usual.errorDays : 0) };
}

// From the last that follows to the first that is followed: a period that is left out lets the timeout follow.
const followers: (keyof SettledNumbers)[] = [
  'errorDays',
  'warningDays',
  'errorSeconds',
  'warningSeconds',
  'timeoutSeconds',
  'periodSeconds',
];

/** The least that must be said to come to these numbers: what follows from the rest anyway goes on following it. */
export function saidOf(saved: SettledNumbers): Numbers {
  let said: Numbers = { ...saved };
  for (const name of followers) {
    const less = { ...said, [name]: undefined };
    const numbers = settled(less);
    if (followers.every((each) => numbers[each] === saved[each])) {
      said = less;
    }
  }
  return said;
}
