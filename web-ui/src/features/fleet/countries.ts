export interface Country {
  /** ISO 3166, two letters. */
  code: string;
  name: string;
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Regions that the browser has a name for, and ISO 3166 gives to no country. */
const noCountries: ReadonlySet<string> = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ'.split(' '));

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

export function countryName(code: string): string {
  return names.of(code) ?? code;
}

let known: Country[] | undefined;

/** All there are, by name: from the browser, which knows them anyway. Codes of the past stand for those of today. */
export function countries(): Country[] {
  known ??= letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !noCountries.has(code) && new Intl.Locale(`und-${code}`).region === code)
    .flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [{ code, name }];
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
  return known;
}
