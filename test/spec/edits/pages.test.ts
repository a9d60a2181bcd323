import { expect, it } from 'vitest';
import { addPage, removePage } from '../../../src/spec/edits/pages.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import type { Spec } from '../../../src/spec/schema.ts';
import { refusal, specText } from '../support.ts';

const shop = (pages: Spec['pages']): Spec =>
  parseSpec(specText({ name: { type: 'string' } }, { pages }), 'flask-style.json');

it('adds a page at the end, in whatever case it was typed; the same page again changes nothing', () => {
  expect(addPage(shop(true), 'about').pages).toEqual(['about']);
  const two = addPage(shop(['about']), 'Contact Us');
  expect(two.pages).toEqual(['about', 'contact-us']);
  expect(addPage(two, 'contactUs')).toBe(two);
});

it('removes what was added: the identity', () => {
  for (const pages of [true, ['about'], ['about', 'team']] as const) {
    const before = shop(typeof pages === 'boolean' ? pages : [...pages]);
    expect(removePage(addPage(before, 'contact'), 'contact')).toEqual(before);
  }
  expect(removePage(shop(['a', 'b', 'c']), 'B').pages).toEqual(['a', 'c']);
});

it('refuses what cannot be, and says what to do', async () => {
  expect(await refusal(() => addPage(shop(false), 'about'))).toMatch(
    /no pages \(add feature pages first\)/,
  );
  expect(await refusal(() => addPage(shop(true), 'index'))).toMatch(/"index" is taken/);
  expect(await refusal(() => addPage(shop(true), 'über'))).toMatch(/not like about-us/);
  expect(await refusal(() => addPage(shop(true), '../x'))).toMatch(/not like about-us/);
  expect(await refusal(() => addPage(shop(true), '-'))).toMatch(/"-" is not like about-us/);
  expect(await refusal(() => removePage(shop(['about']), 'abut'))).toMatch(
    /no page "abut" \(did you mean about\?\)/,
  );
  expect(await refusal(() => removePage(shop(true), 'index'))).toMatch(/there is none to remove/);
});
