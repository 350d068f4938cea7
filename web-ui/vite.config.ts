import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { sampleServer } from './dev/sample-server.ts';

// The bundle names its files relative to <base>, so that the console runs under any path the controller is served at.
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [react(), ...(mode === 'sample' ? [sampleServer()] : [])],
  server: {
    port: 5173,
    proxy: mode === 'sample' ? undefined : { '/api': process.env.POSTWATCH_URL ?? 'http://127.0.0.1:8080' },
  },
  build: {
    outDir: 'target/classes/META-INF/resources',
    emptyOutDir: true,
    // No data: URLs, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000,
    env: { TZ: 'UTC' },
  },
}));
