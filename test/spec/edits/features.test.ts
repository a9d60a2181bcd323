import { expect, it, test } from 'vitest';
import { databaseEffects } from '../../../src/spec/effects.ts';
import { addFeature, ownForms, removeFeature } from '../../../src/spec/edits/features.ts';
import { switchNames } from '../../../src/spec/features.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import type { Spec } from '../../../src/spec/schema.ts';
import { refusal, specText } from '../support.ts';

const shop = (more: object = {}): Spec =>
  parseSpec(specText({ name: { type: 'string' } }, more), 'flask-style.json');

/** Without the feature, which everything but pages is by default. */
const without = (name: string): Spec => shop(name === 'pages' ? { pages: false } : {});

test.each(switchNames)('%s: added, added again, removed', (name) => {
  const before = without(name);
  const added = addFeature(before, name.toUpperCase());
  expect(added).not.toEqual(before);
  expect(addFeature(added, name)).toBe(added);
  expect(removeFeature(added, name)).toEqual(before);
});

it('leaves the others where they are', () => {
  const two = addFeature(addFeature(shop(), 'webhooks'), 'forms');
  expect(two.features).toEqual(['webhooks', 'forms']);
  expect(removeFeature(two, 'webhooks').features).toEqual(['forms']);
});

it('refuses what cannot be, and says what to do', async () => {
  expect(await refusal(() => addFeature(shop(), 'dashbord'))).toMatch(
    /no feature "dashbord" \(did you mean dashboard\?\)/,
  );
  expect(await refusal(() => addFeature(shop(), 'auth'))).toMatch(
    /no feature "auth" \(one of: forms, dashboard, webhooks, k8s, pages\)/,
  );
  expect(await refusal(() => addFeature(shop({ pages: false }), 'forms'))).toMatch(
    /forms need the pages \(add feature pages first\)/,
  );
  expect(await refusal(() => removeFeature(shop(), 'forms'))).toMatch(
    /has no feature forms \(it has: pages\)/,
  );
  expect(await refusal(() => removeFeature(shop({ pages: false }), 'pages'))).toMatch(
    /has no feature pages \(it has none\)/,
  );
});

it('does not take the pages away from what stands on them', async () => {
  expect(await refusal(() => removeFeature(shop({ features: ['forms'] }), 'pages'))).toMatch(
    /forms need the pages \(remove feature forms first\)/,
  );
  expect(await refusal(() => removeFeature(shop({ pages: ['about', 'team'] }), 'pages'))).toMatch(
    /would go as well: about, team \(remove page about first\)/,
  );
});

it('leaves forms that a resource asks for by itself', async () => {
  const own = shop();
  for (const resource of Object.values(own.resources)) resource.forms = true;
  const [key = ''] = ownForms(own);
  expect(removeFeature(addFeature(own, 'forms'), 'forms')).toEqual(own);
  expect(await refusal(() => removeFeature(own, 'forms'))).toMatch(
    new RegExp(`the forms of ${key} are no feature .*take "forms" out of ${key}`),
  );
  expect(await refusal(() => removeFeature(own, 'pages'))).toMatch(
    new RegExp(`the forms of ${key} need the pages`),
  );
});

it('says which collections a feature leaves, and no others', () => {
  const told = addFeature(shop(), 'webhooks');
  expect(databaseEffects(told, removeFeature(told, 'webhooks'))).toEqual([
    'the collection webhook_subscriptions stays, with its documents',
    'the collection job_queue stays, with its documents',
  ]);
  const both: Spec = { ...told, automations: { report: {} } };
  expect(databaseEffects(both, removeFeature(both, 'webhooks'))).toEqual([
    'the collection webhook_subscriptions stays, with its documents',
  ]);
  expect(databaseEffects(shop(), told)).toEqual([]);
});
