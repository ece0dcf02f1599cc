import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, loadEnv } from 'vite';

// The dev server serves the pages and hands every call to a running EventRtc, so that which path belongs to which
// service is written down in one place, its nginx configuration.
export default defineConfig(({ mode }) => {
  const origin = loadEnv(mode, '.', 'EVENTRTC_')['EVENTRTC_ORIGIN'] ?? 'http://localhost:8080';
  return {
    appType: 'mpa',
    plugins: [svelte()],
    build: {
      rolldownOptions: { input: ['index.html', 'studio/index.html', 'listen/index.html'] },
      // hls.js is one chunk of about 370 kB, loaded by the listen page only when somebody presses play.
      chunkSizeWarningLimit: 400,
    },
    server: {
      proxy: {
        '/api': origin,
        '/hls': origin,
        '/ws': { target: origin, ws: true },
      },
    },
  };
});
