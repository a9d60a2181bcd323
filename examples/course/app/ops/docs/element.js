/**
 * Makes an element. Text is always text, never markup.
 *
 * @param {string} name
 * @param {Record<string, string | boolean | undefined>} [attributes] undefined and false leave one out
 * @param {...(Node | string | undefined)} children
 */
export const element = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
};

/** A word that can stand in an `id` and in a link to it. */
export const anchor = (...words) => words.join('-').replace(/[^\w-]+/g, '_');

/** Text in which `words` between backquotes are code. */
export const prose = (text = '') =>
  group(...text.split('`').map((part, i) => (i % 2 === 1 ? element('code', {}, part) : part)));

/** A table with a caption for those who do not see it. */
export const table = (caption, heads, rows) =>
  element(
    'div',
    { class: 'scroll', role: 'group', 'aria-label': caption, tabindex: '0' },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
      ),
      element(
        'tbody',
        {},
        ...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))),
      ),
    ),
  );

/** Several nodes as one. */
export const group = (...children) => {
  const fragment = document.createDocumentFragment();
  fragment.append(...children.filter((child) => child !== undefined));
  return fragment;
};
