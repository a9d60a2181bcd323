/** A value for each secret that production does not start without. */
import { neededInProduction } from '../../app/ops/variables.ts';
import { featureVariables } from '../../app/settings.ts';

export const secrets: Readonly<Record<string, string>> = Object.fromEntries(
  neededInProduction(featureVariables).map((name) => [
    name,
    'horse-battery-staple-0123456789-correct',
  ]),
);
