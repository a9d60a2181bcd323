// Numbers as people read them.

const compact = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' });
const nothing = '–';

const known = (value) => typeof value === 'number';

export const number = (value) => (known(value) ? compact.format(value) : nothing);

export const share = (value) => (known(value) ? `${compact.format(value * 100)} %` : nothing);

/** Seconds, in the unit that fits. */
export const time = (value) => {
  if (!known(value)) return nothing;
  return value < 1 ? `${compact.format(value * 1000)} ms` : `${compact.format(value)} s`;
};

export const bytes = (value) => (known(value) ? `${compact.format(value / 2 ** 20)} MB` : nothing);

export const clock = (iso) => new Date(iso).toLocaleTimeString();
