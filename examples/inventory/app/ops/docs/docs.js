import { anchor, element, group, prose, table } from './element.js';
import { notesOf, resolve, schemaView, typeOf } from './schema.js';
import { tryForm } from './try.js';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'query'];

/** The operations of a document, each with what its path says too. */
const operationsOf = (api) =>
  Object.entries(api.paths ?? {}).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method])
      .map((method) => {
        const operation = item[method];
        const body = resolve(api, operation.requestBody);
        const [contentType, media] = Object.entries(body?.content ?? {})[0] ?? [];
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(
          (one) => resolve(api, one),
        );
        return {
          ...operation,
          path,
          method,
          parameters,
          contentType,
          schema: media?.schema,
          media,
        };
      }),
  );

const parametersView = (api, { parameters }) =>
  parameters.length === 0
    ? undefined
    : group(
        element('h3', {}, 'Parameters'),
        table(
          'Parameters',
          ['Name', 'In', 'Type', 'Notes'],
          parameters.map((one) => [
            element(
              'code',
              {},
              one.name,
              one.required ? element('abbr', { title: 'required' }, '*') : '',
            ),
            one.in,
            typeOf(one.schema),
            group(prose(one.description), ' ', notesOf(resolve(api, one.schema))),
          ]),
        ),
      );

const responsesView = (api, { responses = {} }) =>
  group(
    element('h3', {}, 'Answers'),
    table(
      'Answers',
      ['Status', 'Meaning', 'Body'],
      Object.entries(responses).map(([status, value]) => {
        const response = resolve(api, value);
        const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
        return [
          element('code', {}, status),
          prose(response.description),
          type ? group(typeOf(media.schema), ' ', element('span', { class: 'muted' }, type)) : '',
        ];
      }),
    ),
  );

/** The fields of a body; of its first kind, when it may be of several. */
const bodyView = (api, value) => {
  const schema = resolve(api, value);
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (!first) return schemaView(schema, 'Body');
  return group(element('p', {}, typeOf(schema)), schemaView(resolve(api, first), 'Body'));
};

const operationView = (api, operation) => {
  const { method, path, summary, description, schema, contentType } = operation;
  const content = element('div', { class: 'operation' });
  const details = element(
    'details',
    { id: anchor(method, path) },
    element(
      'summary',
      {},
      element('span', { class: `method ${method}` }, method.toUpperCase()),
      ' ',
      element('code', {}, path),
      ' ',
      element('span', { class: 'muted' }, summary ?? ''),
    ),
    content,
  );
  // Built when it is opened: a large API has thousands of rows.
  const build = () => {
    content.replaceChildren(
      group(
        description ? element('p', {}, prose(description)) : undefined,
        parametersView(api, operation),
        schema
          ? element('h3', {}, 'Body ', element('span', { class: 'muted' }, contentType))
          : undefined,
        schema ? bodyView(api, schema) : undefined,
        responsesView(api, operation),
        element('h3', {}, 'Try it'),
        tryForm(api, operation),
      ),
    );
  };
  details.addEventListener('toggle', build, { once: true });
  return details;
};

const section = (id, title, ...children) =>
  element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    ...children,
  );

const show = (api) => {
  const operations = operationsOf(api);
  const tagOf = (operation) => operation.tags?.[0] ?? 'other';
  const tags = [...new Set(operations.map(tagOf))];
  const schemas = Object.entries(api.components?.schemas ?? {});
  const title = `${api.info.title} ${api.info.version}`;

  document.title = title;
  document
    .getElementById('about')
    .replaceChildren(
      element('h1', {}, title),
      element('p', {}, api.info.description ?? ''),
      element('p', {}, element('a', { href: 'openapi.json' }, 'openapi.json')),
    );
  const link = (id, text) => element('li', {}, element('a', { href: `#${id}` }, text));
  document
    .getElementById('contents')
    .replaceChildren(
      element(
        'ul',
        {},
        ...tags.map((tag) => link(anchor('tag', tag), tag)),
        link('schemas', 'Schemas'),
      ),
    );
  document
    .getElementById('content')
    .replaceChildren(
      ...tags.map((tag) =>
        section(
          anchor('tag', tag),
          tag,
          element('p', {}, api.tags?.find(({ name }) => name === tag)?.description ?? ''),
          ...operations.filter((one) => tagOf(one) === tag).map((one) => operationView(api, one)),
        ),
      ),
      section(
        'schemas',
        'Schemas',
        ...schemas.map(([name, schema]) =>
          element(
            'details',
            { id: anchor('schema', name) },
            element('summary', {}, element('code', {}, name)),
            schema.description ? element('p', {}, schema.description) : '',
            schemaView(schema, name),
          ),
        ),
      ),
    );
};

/** A link to something folded opens it. */
const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.localName === 'details') target.open = true;
  target?.scrollIntoView();
};

try {
  const response = await fetch('openapi.json');
  if (!response.ok) throw new Error(`openapi.json answered ${response.status}`);
  show(await response.json());
  openTarget();
  window.addEventListener('hashchange', openTarget);
} catch (error) {
  document.getElementById('status').textContent =
    `The documentation cannot be shown: ${error.message}`;
}
