import { describe, expect, it } from 'vitest';
import { type Numbers, nothingSaid, saidOf, settled } from './numbers';

const settledOf = (said: Partial<Numbers>) => settled({ ...nothingSaid, ...said });

describe('The numbers of a monitor of which nothing is said', () => {
  it('are the defaults', () => {
    expect(settled(nothingSaid)).toEqual({
      periodSeconds: 60,
      timeoutSeconds: 30,
      warningSeconds: 8,
      errorSeconds: 20,
      warningDays: 21,
      errorDays: 7,
    });
  });

  it.each([
    [{ periodSeconds: 10 }, { timeoutSeconds: 10, warningSeconds: 8, errorSeconds: 0 }],
    [{ periodSeconds: 300 }, { timeoutSeconds: 30 }],
    [{ timeoutSeconds: 21 }, { warningSeconds: 8, errorSeconds: 20 }],
    [{ timeoutSeconds: 20 }, { warningSeconds: 8, errorSeconds: 0 }],
    [{ timeoutSeconds: 8 }, { warningSeconds: 0, errorSeconds: 0 }],
    [{ warningSeconds: 20 }, { warningSeconds: 20, errorSeconds: 0 }],
    [{ warningSeconds: 0 }, { warningSeconds: 0, errorSeconds: 20 }],
    [{ errorSeconds: 8 }, { warningSeconds: 0, errorSeconds: 8 }],
    [{ errorSeconds: 9 }, { warningSeconds: 8, errorSeconds: 9 }],
    [{ errorSeconds: 0 }, { warningSeconds: 8, errorSeconds: 0 }],
    [{ errorSeconds: 0, timeoutSeconds: 8 }, { warningSeconds: 0 }],
    [{ warningDays: 7 }, { warningDays: 7, errorDays: 0 }],
    [{ warningDays: 8 }, { errorDays: 7 }],
    [{ warningDays: 0 }, { errorDays: 7 }],
    [{ errorDays: 21 }, { warningDays: 0 }],
    [{ errorDays: 20 }, { warningDays: 21 }],
  ])("make room for what was said, as the controller's do: %j gives %j", (said, numbers) => {
    expect(settledOf(said)).toMatchObject(numbers);
  });

  it('stay when what was said is out of range, which the controller refuses', () => {
    expect(settledOf({ timeoutSeconds: 0 })).toMatchObject({ timeoutSeconds: 0, warningSeconds: 8, errorSeconds: 20 });
  });
});

describe('What was said of a saved monitor', () => {
  const seconds = [0, 5, 8, 9, 20, 25];

  it('is no more than it takes, and comes to the same numbers', () => {
    for (const timeoutSeconds of [6, 8, 15, 20, 21, 30, 60]) {
      for (const warningSeconds of seconds.filter((each) => each < timeoutSeconds)) {
        for (const errorSeconds of seconds.filter((each) => each < timeoutSeconds)) {
          const saved = {
            periodSeconds: 60,
            timeoutSeconds,
            warningSeconds,
            errorSeconds,
            warningDays: 21,
            errorDays: 7,
          };
          expect(settled(saidOf(saved))).toEqual(saved);
        }
      }
    }
  });

  it('is nothing where everything is as by default', () => {
    expect(saidOf(settled(nothingSaid))).toEqual(nothingSaid);
    expect(saidOf(settledOf({ periodSeconds: 10 }))).toEqual({ ...nothingSaid, periodSeconds: 10 });
    expect(saidOf(settledOf({ timeoutSeconds: 15 }))).toEqual({ ...nothingSaid, timeoutSeconds: 15 });
    expect(saidOf(settledOf({ warningDays: 5 }))).toEqual({ ...nothingSaid, warningDays: 5 });
  });
});
