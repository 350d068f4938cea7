import type { Plugin } from 'vite';

/** Made-up data for looking at the console without a controller; only ever part of `npm run dev:sample`. */
export function sampleServer(): Plugin {
  return { name: 'postwatch-sample' };
}
