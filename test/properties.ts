import fc from 'fast-check';

/** How often a property is tried: `FLASK_STYLE_LAWS` multiplies. */
export function runs(few: number): number {
  return few * Number(process.env['FLASK_STYLE_LAWS'] ?? 1);
}

// One seed, so that a failure of CI is a failure everywhere; `FLASK_STYLE_SEED` names another.
fc.configureGlobal({ seed: Number(process.env['FLASK_STYLE_SEED'] ?? 1), numRuns: runs(100) });

export { default as fc } from 'fast-check';
