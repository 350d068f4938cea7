import { describe, expect, it } from 'vitest';
import { safeWayBack } from './SignInPage';

describe('The way back after signing in', () => {
  it('leads to the page that was asked for', () => {
    expect(safeWayBack('/monitors?status=ERROR')).toBe('/monitors?status=ERROR');
  });

  it('never leaves the console', () => {
    expect(safeWayBack('//elsewhere.example/')).toBe('/');
    expect(safeWayBack('https://elsewhere.example/')).toBe('/');
    expect(safeWayBack('/\\elsewhere.example/')).toBe('/');
    expect(safeWayBack('javascript:alert(1)')).toBe('/');
    expect(safeWayBack(undefined)).toBe('/');
  });
});
