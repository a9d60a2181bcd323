import { isDevice, kebabCase, quote } from './names.ts';
import { limits } from './schema.ts';

/** Templates that every project with pages has, and paths that something else answers. */
const taken = new Set(
  'index layout api static docs health livez readyz startupz metrics problems forms dashboard webhooks'.split(
    ' ',
  ),
);

/** A page's name from what was typed, in any case: `About us` and `aboutUs` are `about-us`. Nothing is checked. */
export function pageName(typed: string): string {
  return kebabCase(typed.trim());
}

/** Why a page cannot have this name, which is its path and its file; undefined when it can. */
export function pageNameProblem(
  name: string,
): { readonly message: string; readonly hint?: string } | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    const repaired = kebabCase(name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^[-0-9]+|-+$/g, ''));
    return {
      message: `the page name ${quote(name)} is not like about-us`,
      hint:
        repaired === ''
          ? 'lower-case letters and digits, words joined by -'
          : `did you mean ${repaired}?`,
    };
  }
  if (name.length > limits.nameLength)
    return {
      message: `the page name ${quote(name)} is longer than ${limits.nameLength} characters`,
    };
  if (isDevice(name))
    return { message: `the page name ${quote(name)} is a device name on Windows` };
  if (taken.has(name))
    return {
      message: `the page name ${quote(name)} is taken`,
      hint: name === 'index' ? 'it is the welcome page, at /' : 'choose another name',
    };
  return undefined;
}
