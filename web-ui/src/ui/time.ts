import { useSyncExternalStore } from 'react';

const exactFormat = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
const clockFormat = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' });
const dayFormat = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });
const zoneFormat = new Intl.DateTimeFormat('en', { timeZoneName: 'short' });

function zoneName(at: Date): string {
  return zoneFormat.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** 2026-11-22 05:12:08 CET */
export function exactTime(at: Date): string {
  return `${exactFormat.format(at)} ${zoneName(at)}`;
}

/** "at …" or "from … to …", exact. */
export function exactSpan(from: string, to: string): string {
  const first = exactTime(new Date(from));
  const last = exactTime(new Date(to));
  return first === last ? `at ${first}` : `from ${first} to ${last}`;
}

/** 05:12:08 today, 2026-11-21 05:12:08 on any other day. */
export function clockTime(at: Date, now: Date): string {
  return dayFormat.format(at) === dayFormat.format(now) ? clockFormat.format(at) : exactFormat.format(at);
}

export function day(at: Date): string {
  return dayFormat.format(at);
}

const minute = 60;
const hour = 60 * minute;
const wholeDay = 24 * hour;

/** "just now", "12 s ago", "in 3 min": as coarse as a glance needs. */
export function distance(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const span = spanOf(Math.abs(seconds));
  if (span === null) {
    return 'just now';
  }
  return seconds < 0 ? `${span} ago` : `in ${span}`;
}

function spanOf(seconds: number): string | null {
  if (seconds < 3) {
    return null;
  }
  if (seconds < 100) {
    return `${seconds} s`;
  }
  if (seconds < 100 * minute) {
    return `${Math.round(seconds / minute)} min`;
  }
  if (seconds < 2 * wholeDay) {
    return `${Math.round(seconds / hour)} h`;
  }
  return `${Math.round(seconds / wholeDay)} days`;
}

/** A length of time as one sets it: 90 s, 5 min, 24 h. */
export function period(seconds: number): string {
  if (seconds % hour === 0) {
    return `${seconds / hour} h`;
  }
  if (seconds % minute === 0 && seconds > minute) {
    return `${seconds / minute} min`;
  }
  return `${seconds} s`;
}

/** A measured length: three digits are enough. */
export function millis(value: number): string {
  if (value >= 10_000) {
    return `${(value / 1_000).toFixed(1)} s`;
  }
  if (value >= 1_000) {
    return `${(value / 1_000).toFixed(2)} s`;
  }
  if (value >= 10) {
    return `${Math.round(value)} ms`;
  }
  return `${value.toFixed(1)} ms`;
}

// One ticking clock for everything on the page that says "ago".
const tickMillis = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let current = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, tickMillis);
  tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function tick() {
  const now = Date.now();
  if (Math.abs(now - current) < tickMillis / 2) {
    return;
  }
  current = now;
  for (const each of listeners) {
    each();
  }
}

/** The present, to the second. */
export function useNow(): Date {
  return new Date(useSyncExternalStore(subscribe, () => current));
}

/** The distance to a time; renders only when the words change. */
export function useDistance(at: Date): string {
  return useSyncExternalStore(subscribe, () => distance(at, new Date(current)));
}
