import { Fragment } from '../fragment.ts';

/**
 * A name in code.
 * @throws {TypeError} on anything but ASCII letters, digits, `_` and `$`
 */
export function identifier(name: string): Fragment {
  if (!/^[A-Za-z_$][\w$]*$/.test(name))
    throw new TypeError(`not an identifier: ${JSON.stringify(name)}`);
  return new Fragment(name);
}

/**
 * A path within the project, which needs quotes nowhere.
 * @throws {TypeError} on `..` and on anything but ASCII letters, digits, `_`, `-`, `.` and `/`
 */
export function pathText(path: string): Fragment {
  if (!/^[\w./-]+$/.test(path) || path.includes('..')) {
    throw new TypeError(`not a plain path: ${JSON.stringify(path)}`);
  }
  return new Fragment(path);
}
