import { describe, expect, it } from 'vitest';
import { readParameters } from '../src/routing/parameters';
import { countFilters, noValues, NOTHING_ASKED, readQuestion, searchAddress, searchBody, toggled, withoutFilters, writeQuestion, type Question } from '../src/search/question';

const full: Question = {
  text: 'cadmio & cacao = ¿cuánto? #1',
  values: { ...noValues(), kind: ['know_how'], countries: ['CHN', 'COL'], organisation: ['cafe-alto'] },
  from: '2025-01-01',
  to: '2026-12-31',
  mode: 'keyword',
  order: 'date',
  page: 3,
};

describe('a question in the address', () => {
  it('comes back as it was', () => {
    expect(readQuestion(writeQuestion(full))).toEqual(full);
    expect(readQuestion(writeQuestion(NOTHING_ASKED))).toEqual(NOTHING_ASKED);
  });

  it('stands after the hash sign, where no server sees it', () => {
    const url = new URL(searchAddress(full), 'https://lonja.example');
    expect(url.pathname + url.search).toBe('/');
    expect(readQuestion(readParameters(url.search, url.hash))).toEqual(full);
  });

  it('is read from the query string as well', () => {
    expect(readQuestion(readParameters('?q=caf%C3%A9&lang=pt', '')).text).toBe('café');
  });

  it('leaves out what it cannot read', () => {
    const read = readQuestion(new URLSearchParams('q=x&page=-2&mode=magic&sort=price&from=yesterday&to=2026-13-45&kind='));
    expect(read).toEqual({ ...NOTHING_ASKED, text: 'x' });
  });

  it('does not go deeper than the service', () => {
    expect(readQuestion(new URLSearchParams('q=x&page=9999')).page).toBe(1);
    expect(searchBody({ ...NOTHING_ASKED, text: 'x', page: 101 }).offset).toBe(1000);
  });
});

describe('filters', () => {
  it('go on and off, and back to the first page', () => {
    const on = toggled({ ...full, page: 3 }, 'countries', 'BRA');
    expect(on.values.countries).toEqual(['BRA', 'CHN', 'COL']);
    expect(on.page).toBe(1);
    expect(toggled(on, 'countries', 'BRA').values.countries).toEqual(['CHN', 'COL']);
  });

  it('are counted and cleared together', () => {
    expect(countFilters(full)).toBe(6);
    const cleared = withoutFilters(full);
    expect(countFilters(cleared)).toBe(0);
    expect(cleared.text).toBe(full.text);
  });
});
