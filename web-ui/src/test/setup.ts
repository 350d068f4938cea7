import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// A slow machine that does five things at once is no reason to fail.
configure({ asyncUtilTimeout: 10_000 });

// What a browser has and jsdom lacks.
window.matchMedia = (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
});
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Object.defineProperty(document, 'fonts', { value: new EventTarget() });
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(this);
  });
};

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  localStorage.clear();
});

// Charts draw on a canvas, which jsdom has not; drawing into the void is enough for what tests look at.
const nowhere: object = new Proxy(
  {},
  {
    get: (_, name) => (name === 'measureText' ? () => ({ width: 10 }) : () => undefined),
    set: () => true,
  },
);
HTMLCanvasElement.prototype.getContext = (() => nowhere) as unknown as HTMLCanvasElement['getContext'];
window.Path2D ??= class {
  moveTo() {}
  lineTo() {}
  rect() {}
  arc() {}
  closePath() {}
  addPath() {}
  bezierCurveTo() {}
} as unknown as typeof Path2D;
