import { describe, expect, it } from 'vitest';
import { isFiltered, listQuery, nextSort, readListSearch } from './listSearch';

const id = '01930001-0000-7000-8000-000000000001';

describe('The monitors list in the URL', () => {
  it('keeps what makes sense', () => {
    expect(readListSearch({ q: ' mx ', status: 'ERROR', type: 'smtp', location: id, sort: '-name' })).toEqual({
      q: 'mx',
      status: 'ERROR',
      type: 'smtp',
      location: id,
      sort: '-name',
    });
  });

  it.each(['smtp', 'imap', 'pop3'])('knows the type %s', (type) => {
    expect(readListSearch({ type })).toEqual({ type });
  });

  it('leaves out what does not', () => {
    expect(readListSearch({ q: '', status: 'BAD', type: 'pop5', location: 'x', sort: 'colour', other: 1 })).toEqual({});
  });

  it('takes a search that looks like a number for text', () => {
    expect(readListSearch({ q: 993 })).toEqual({ q: '993' });
  });

  it('asks for paused monitors by themselves, for that is no status', () => {
    expect(listQuery({ status: 'PAUSED' })).toEqual({ paused: true, sort: 'status' });
    expect(listQuery({ status: 'OK' })).toEqual({ status: 'OK', sort: 'status' });
  });

  it('is filtered by anything but its order', () => {
    expect(isFiltered({ sort: 'name' })).toBe(false);
    expect(isFiltered({ q: 'x' })).toBe(true);
  });

  it('turns the order round and then back to the default', () => {
    expect(nextSort(undefined, 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBeUndefined();
    expect(nextSort('name', 'host')).toBe('host');
    expect(nextSort('host', 'status')).toBeUndefined();
  });
});
