/** The secrets that production does not start without, made up for one run of the tests. */
import { randomBytes } from 'node:crypto';
import { isNeededInProduction } from '../../app/ops/variables.ts';
import { featureVariables } from '../../app/settings.ts';

export const secrets: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(featureVariables)
    .filter(([, type]) => isNeededInProduction(type))
    .map(([name]) => [name, randomBytes(32).toString('hex')]),
);
