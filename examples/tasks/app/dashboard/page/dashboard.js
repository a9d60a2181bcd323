// Listens to dashboard/events and shows what it says.
import { draw, emptyChart } from './chart.js';
import { bytes, clock, number, share, time } from './format.js';

/** Shown in the charts; also how long readings are kept here. */
const span = 5 * 60_000;

/** Least: a scale that does not blow up noise. */
const charts = [
  {
    title: 'Requests a second',
    show: number,
    least: 1,
    lines: [['now', (now) => now.requests.rate]],
  },
  {
    title: 'Requests that failed',
    show: share,
    least: 0.05,
    lines: [['now', (now) => now.requests.failed]],
  },
  {
    title: 'Time to answer',
    show: time,
    least: 0.01,
    lines: [
      ['p50', (now) => now.requests.p50],
      ['p95', (now) => now.requests.p95],
      ['p99', (now) => now.requests.p99],
    ],
  },
  {
    title: 'Requests in flight',
    show: number,
    least: 5,
    lines: [['now', (now) => now.inFlight]],
  },
  {
    title: 'Database commands a second',
    show: number,
    least: 1,
    lines: [['now', (now) => now.database.rate]],
  },
  {
    title: 'Time of a database command',
    show: time,
    least: 0.01,
    lines: [
      ['mean', (now) => now.database.mean],
      ['p95', (now) => now.database.p95],
    ],
  },
  {
    title: 'Database connections',
    show: number,
    least: 5,
    lines: [
      ['in use', (now) => now.poolUsed],
      ['open', (now) => now.poolOpen],
      ['waiting', (now) => now.poolWaiting],
    ],
  },
  {
    title: 'Delay of the event loop',
    show: time,
    least: 0.01,
    lines: [['now', (now) => now.eventLoopDelay]],
  },
  {
    title: 'Memory',
    show: bytes,
    least: 2 ** 20,
    lines: [
      ['resident', (now) => now.residentBytes],
      ['heap', (now) => now.heapBytes],
    ],
  },
];

const byId = (id) => document.getElementById(id);

/** An element with text, elements or both in it. */
const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const row = (...cells) => element('tr', {}, ...cells);
const cell = (...children) => element('td', {}, ...children);
const heading = (text) => element('th', { scope: 'row' }, text);
const numberCell = (text) => element('td', { class: 'number' }, text);
const empty = (text, columns) => row(element('td', { colspan: columns, class: 'muted' }, text));

let readings = [];
/** By route: points of its p95. */
let routes = new Map();

const recent = (points, now) => points.filter(({ time: at }) => at > now - span);

const cards = charts.map((chart) => {
  const picture = emptyChart();
  const values = chart.lines.map(() => element('dd', {}, '–'));
  const top = element('span', {});
  const list = element('dl', {});
  chart.lines.forEach(([name], i) => {
    const label = element('dt', { class: `key-${i + 1}` }, name);
    list.append(element('div', {}, label, values[i]));
  });
  const footer = element('p', { class: 'muted' }, top, element('span', {}, 'last 5 minutes'));
  byId('charts').append(
    element('figure', {}, element('figcaption', {}, chart.title), list, picture, footer),
  );
  return { ...chart, picture, values, top };
});

const showCharts = () => {
  const newest = readings.at(-1);
  for (const { title, lines, show, least, picture, values, top } of cards) {
    const points = lines.map(([, of]) =>
      readings.map((reading) => ({ time: reading.time, value: of(reading) })),
    );
    const highest = show(draw(picture, points, span, least));
    const texts = lines.map(([, of]) => show(of(newest)));
    texts.forEach((text, i) => (values[i].textContent = text));
    top.textContent = `scale to ${highest}`;
    const spoken = lines.map(([name], i) => `${name} ${texts[i]}`).join(', ');
    picture.setAttribute('aria-label', `${title}: ${spoken}; scale to ${highest}`);
  }
};

const showRoutes = ({ time: at, routes: busy }) => {
  const known = new Set([...routes.keys(), ...busy.map(({ route }) => route)]);
  const now = new Map(busy.map((flow) => [flow.route, flow]));
  routes = new Map(
    [...known].flatMap((route) => {
      const point = { time: at, value: now.get(route)?.p95 };
      const points = recent([...(routes.get(route) ?? []), point], at);
      return points.some(({ value }) => value !== undefined) ? [[route, points]] : [];
    }),
  );
  const rows = busy.map(({ route, rate, failed, p50, p95, p99 }) => {
    const picture = emptyChart();
    draw(picture, [routes.get(route) ?? []], span, 0.01);
    picture.setAttribute('aria-label', `p95 of ${route}: now ${time(p95)}`);
    return row(
      heading(route),
      ...[number(rate), share(failed), time(p50), time(p95), time(p99)].map(numberCell),
      cell(picture),
    );
  });
  const none = empty('No request in the last ten seconds.', 7);
  byId('routes').replaceChildren(...(rows.length > 0 ? rows : [none]));
};

const badge = (state, text) => element('span', { class: 'badge', 'data-state': state }, text);

/** As /readyz has it. */
const readiness = ({ started, draining }, { database }) => {
  if (draining) return 'stopping';
  if (!started) return 'starting';
  return database.down ? 'not ready' : 'ready';
};

const showHealth = (health, reading) => {
  const { database } = reading;
  const ready = readiness(health, reading);
  const items = [
    ['Process', ready === 'ready', ready],
    ['Database', !database.down, database.down ? 'does not answer' : 'answers'],
  ];
  byId('health').replaceChildren(
    ...items.map(([name, well, text]) =>
      element('li', {}, `${name} `, badge(well ? 'good' : 'critical', text)),
    ),
  );
};

let banner = '';

const showAlerts = (alerts) => {
  const rows = alerts.map(({ name, severity, above, forSeconds, firing, value }) =>
    row(
      heading(name),
      cell(badge(firing ? severity : 'good', firing ? 'firing' : 'quiet')),
      ...[number(value), number(above), `${forSeconds} s`].map(numberCell),
      cell(severity),
    ),
  );
  byId('rules').replaceChildren(...(rows.length > 0 ? rows : [empty('No rules are watched.', 6)]));
  const firing = alerts.filter((alert) => alert.firing);
  const text = JSON.stringify(firing.map(({ name, since }) => [name, since]));
  // An alert that is written again is read out again.
  if (text === banner) return;
  banner = text;
  byId('banner').replaceChildren(
    ...firing.map(({ name, severity, since }) =>
      element('p', { 'data-state': severity }, `${severity}: ${name}, since ${clock(since)}`),
    ),
  );
};

const showFailures = (failures) => {
  const rows = failures.map(({ time: at, method, path, status, code, requestId }) =>
    row(
      cell(clock(at)),
      cell(element('code', {}, `${method} ${path}`)),
      cell([status, code].filter(Boolean).join(' ')),
      cell(element('code', {}, requestId ?? '')),
    ),
  );
  byId('failures').replaceChildren(...(rows.length > 0 ? rows : [empty('None.', 4)]));
};

const connection = byId('connection');

const say = (state, text) => {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = text;
};

let watchdog;

/** Connects, and again when the server was away, answered with an error, or has fallen silent. */
const connect = (silence) => {
  const source = new window.EventSource('dashboard/events');
  const again = () => {
    say('lost', 'Not connected: trying again');
    source.close();
    window.clearTimeout(watchdog);
    watchdog = window.setTimeout(connect, 2000, silence);
  };
  let patience = silence;
  const wait = () => {
    window.clearTimeout(watchdog);
    watchdog = window.setTimeout(again, patience);
  };
  source.addEventListener('history', ({ data }) => {
    const past = JSON.parse(data);
    patience = past.tickMs * 4;
    if (readings.length === 0) readings = past.readings;
    byId('leave').hidden = !past.signedIn;
  });
  source.addEventListener('now', ({ data }) => {
    const { reading, alerts, failures, health } = JSON.parse(data);
    readings = recent([...readings, reading], reading.time);
    say('live', 'Live');
    showCharts();
    showRoutes(reading);
    showHealth(health, reading);
    showAlerts(alerts);
    showFailures(failures);
    wait();
  });
  source.addEventListener('error', again);
  wait();
};

connect(10_000);
