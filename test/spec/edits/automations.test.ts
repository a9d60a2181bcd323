import { describe, expect, it } from 'vitest';
import { addAutomation, removeAutomation } from '../../../src/spec/edits/automations.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import { refusal } from '../support.ts';

const text =
  '{ "name": "shop", "resources": { "thing": { "fields": { "a": { "type": "text" } } } } }';
const spec = parseSpec(text, 'flask-style.json');

describe('automations of a spec', () => {
  it('are added under a kebab-case name, whatever was typed, and twice is once', () => {
    const one = addAutomation(spec, 'Nightly Report', { every: '1d' });
    expect(one.automations).toEqual({ 'nightly-report': { every: '1d' } });
    expect(addAutomation(one, 'nightlyReport', { every: '1d' })).toBe(one);
    expect(addAutomation(one, 'cleanup').automations).toHaveProperty('cleanup');
    expect(spec).not.toHaveProperty('automations');
  });

  it('are removed; the last one leaves no key', () => {
    const two = addAutomation(addAutomation(spec, 'a'), 'b');
    expect(removeAutomation(two, 'a').automations).toEqual({ b: {} });
    expect(removeAutomation(removeAutomation(two, 'a'), 'B')).toEqual(spec);
  });

  it('survive the way through the file', () => {
    const one = addAutomation(spec, 'report', { every: '5m', description: 'Counts' });
    expect(parseSpec(JSON.stringify(one), 'flask-style.json')).toEqual(one);
  });

  it.each([
    ['../evil', 'is not a name'],
    ['1st', 'is not a name'],
    ['con', 'device name'],
    ['index', 'is taken'],
    ['automation', 'is taken'],
    ['x'.repeat(65), 'longer than 64'],
  ])('refuse the name %s', async (name, why) => {
    expect(await refusal(() => addAutomation(spec, name))).toContain(why);
  });

  it.each(['5', '0m', '5s', '1.5h', '* * * * *', ''])('refuse the interval %j', async (every) => {
    const line = await refusal(() => addAutomation(spec, 'report', { every }));
    expect(line).toContain('report has the interval');
    expect(line).toContain('like 5m');
  });

  it('refuse another one of the same name, and to remove what is not there', async () => {
    const one = addAutomation(spec, 'report', { every: '1d' });
    expect(await refusal(() => addAutomation(one, 'report'))).toContain('already');
    expect(await refusal(() => removeAutomation(one, 'raport'))).toContain('did you mean report?');
  });

  it('refuse a resource where they answer, and the collection of the jobs', async () => {
    const resource = { plural: 'runs', path: '/runs', collection: 'job_queue' };
    const resources = { run: { ...resource, fields: { a: { type: 'text' as const } } } };
    expect(await refusal(() => addAutomation({ ...spec, resources }, 'report'))).toBe(
      'the path "/runs" of run is that of the jobs of automations and webhooks (and 1 more) (give run another path)',
    );
    // Without them a resource may be called so.
    expect(parseSpec(JSON.stringify({ ...spec, resources }), 'f.json').resources).toEqual(
      resources,
    );
  });

  it('refuse unknown keys with the nearest', async () => {
    const loose = JSON.stringify({ ...spec, automations: { report: { evry: '5m' } } });
    const line = await refusal(() => parseSpec(loose, 'flask-style.json'));
    expect(line).toContain('unknown key "evry" (did you mean every?)');
  });
});
