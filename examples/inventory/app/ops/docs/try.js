import { anchor, element } from './element.js';
import { resolve, sampleOf } from './schema.js';

const options = (schema) =>
  schema?.type === 'boolean' ? ['true', 'false'] : schema?.enum?.map(String);

const control = (schema, attributes) => {
  const choices = options(schema);
  if (!choices)
    return element('input', {
      type: 'text',
      autocomplete: 'off',
      spellcheck: 'false',
      ...attributes,
    });
  const values = attributes.required ? choices : ['', ...choices];
  return element(
    'select',
    attributes,
    ...values.map((value) => element('option', { value }, value)),
  );
};

const field = (id, label, input) =>
  element('div', { class: 'field' }, element('label', { for: id }, label), input);

const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

const curl = (request) =>
  [
    `curl -i -X ${request.method} ${quote(request.url)}`,
    ...Object.entries(request.headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(request.body === undefined ? [] : [`-d ${quote(request.body)}`]),
  ].join(' \\\n  ');

/** The values of a form, put where the operation's parameters say. */
const requestOf = (form, operation) => {
  const values = new Map(
    operation.parameters.map((one) => [one, form.elements[`${one.in}:${one.name}`].value]),
  );
  const given = [...values].filter(([, value]) => value !== '');
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name) => {
    const [, value = ''] = given.find(([one]) => one.in === 'path' && one.name === name) ?? [];
    return encodeURIComponent(value);
  });
  // Beside this page, so that it works below a prefix too.
  const url = new URL(`.${path}`, location.href.replace(/[?#].*/, ''));
  for (const [one, value] of given.filter(([one]) => one.in === 'query'))
    url.searchParams.append(one.name, value);
  for (const [name, value] of new URLSearchParams(form.elements.more?.value ?? ''))
    url.searchParams.append(name, value);
  const headers = Object.fromEntries(
    given.filter(([one]) => one.in === 'header').map(([one, value]) => [one.name, value]),
  );
  if (form.elements.authorization.value !== '')
    headers.Authorization = form.elements.authorization.value;
  const body = form.elements.body?.value;
  if (body) headers['Content-Type'] = operation.contentType;
  return {
    method: operation.method.toUpperCase(),
    url: url.href,
    headers,
    body: body || undefined,
  };
};

const pretty = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const send = async (request, output) => {
  const shown = [
    element('h5', {}, 'As a command'),
    element('pre', { tabindex: '0' }, curl(request)),
  ];
  output.replaceChildren(element('p', {}, 'Waiting for the answer …'));
  const started = performance.now();
  try {
    const { method, headers, body } = request;
    const response = await fetch(request.url, { method, headers, body });
    const text = await response.text();
    const took = Math.round(performance.now() - started);
    const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    output.replaceChildren(
      element('h5', {}, `${response.status} ${response.statusText}, ${took} ms`),
      element('pre', { tabindex: '0' }, pretty(text) || '(no body)'),
      element(
        'details',
        {},
        element('summary', {}, 'Headers'),
        element('pre', { tabindex: '0' }, lines),
      ),
      ...shown,
    );
  } catch (error) {
    output.replaceChildren(element('h5', {}, `No answer: ${error.message}`), ...shown);
  }
};

/** A form that sends the operation's request to this server and shows what comes back. */
export const tryForm = (document, operation) => {
  const id = (name) => anchor('try', operation.method, operation.path, name);
  const fields = operation.parameters.map((one) => {
    const name = `${one.in}:${one.name}`;
    const label = `${one.name} (${one.in}${one.required ? ', required' : ''})`;
    const schema = resolve(document, one.schema);
    return field(
      id(name),
      label,
      control(schema, { id: id(name), name, required: one.required === true }),
    );
  });
  if (operation.method === 'get') {
    const attributes = { id: id('more'), name: 'more', placeholder: 'price[gte]=10&sort=-price' };
    fields.push(field(id('more'), 'further query parameters', control(undefined, attributes)));
  }
  fields.push(
    field(
      id('authorization'),
      'Authorization',
      control(undefined, { id: id('authorization'), name: 'authorization' }),
    ),
  );
  if (operation.schema) {
    const sample = JSON.stringify(sampleOf(document, operation.schema), null, 2);
    const attributes = {
      id: id('body'),
      name: 'body',
      rows: String(sample.split('\n').length + 1),
      spellcheck: 'false',
    };
    fields.push(
      field(id('body'), `Body (${operation.contentType})`, element('textarea', attributes, sample)),
    );
  }
  const output = element('div', { class: 'output', 'aria-live': 'polite' });
  const form = element(
    'form',
    { class: 'try' },
    ...fields,
    element('button', { type: 'submit' }, 'Send'),
    output,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(requestOf(form, operation), output);
  });
  return form;
};
