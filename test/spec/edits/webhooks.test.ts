import { describe, expect, it } from 'vitest';
import { addWebhook, removeWebhook } from '../../../src/spec/edits/webhooks.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import { refusal } from '../support.ts';

const text =
  '{ "name": "shop", "resources": { "thing": { "fields": { "a": { "type": "text" } } } } }';
const spec = parseSpec(text, 'flask-style.json');
const github = { scheme: 'github' } as const;

describe('webhooks of a spec', () => {
  it('are added under a kebab-case name, and twice is once', () => {
    const one = addWebhook(spec, 'CI system', { scheme: 'standard' });
    expect(one.webhooks).toEqual({ 'ci-system': { scheme: 'standard' } });
    expect(addWebhook(one, 'ciSystem', { scheme: 'standard' })).toBe(one);
    expect(parseSpec(JSON.stringify(one), 'flask-style.json')).toEqual(one);
  });

  it('are removed; the last one leaves no key', () => {
    const two = addWebhook(addWebhook(spec, 'github', github), 'gitlab', github);
    expect(removeWebhook(two, 'github').webhooks).toEqual({ gitlab: github });
    expect(removeWebhook(removeWebhook(two, 'github'), 'gitlab')).toEqual(spec);
  });

  it.each(['../evil', 'nul', 'index', 'settings', 'verify', 'webhook', 'jobs'])(
    'refuse the name %s',
    async (name) => {
      expect(await refusal(() => addWebhook(spec, name, github))).toMatch(/name/);
    },
  );

  it('to others leave no room for a resource of the same name, path or collection', async () => {
    const fields = '{ "a": { "type": "text" } }';
    const told = (name: string, more = '') =>
      refusal(() =>
        parseSpec(
          `{ "name": "shop", "features": ["webhooks"], "resources": { "${name}": { ${more}"fields": ${fields} } } }`,
          'f.json',
        ),
      );
    expect(await told('webhook')).toContain('the path "/webhooks" of webhook is that of');
    expect(await told('run')).toContain('the path "/runs" of run is that of the jobs');
    expect(await told('webhookSubscription')).toContain('the name "webhookSubscription"');
    expect(await told('thing', '"collection": "job_queue", ')).toContain('give thing another');
    expect(await told('thing')).toBe('accepted');
  });

  it('refuse another scheme under the same name, and an unknown scheme', async () => {
    const one = addWebhook(spec, 'github', github);
    expect(await refusal(() => addWebhook(one, 'github', { scheme: 'standard' }))).toContain(
      'there is already webhook github',
    );
    const loose = JSON.stringify({ ...spec, webhooks: { a: { scheme: 'gitlab' } } });
    expect(await refusal(() => parseSpec(loose, 'f.json'))).toContain(
      'must be "github" or "standard"',
    );
  });
});
