// Lines in an SVG, drawn anew with each reading.

const names = 'http://www.w3.org/2000/svg';
const width = 300;
const height = 60;

const svg = (name, attributes) => {
  const element = document.createElementNS(names, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

export const emptyChart = () =>
  svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' });

/** A path through the points that are there: where there is none, the line has a gap. */
const pathOf = (points, x, y) => {
  let pen = 'M';
  return points
    .map(({ time, value }) => {
      if (typeof value !== 'number') {
        pen = 'M';
        return '';
      }
      const step = `${pen}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
      return step;
    })
    .join('');
};

/**
 * @param chart made by `emptyChart`
 * @param lines a list of points `{ time, value }` each
 * @param span milliseconds from the left edge to the right
 * @param least the top is never below this value
 * @returns the value at the top
 */
export const draw = (chart, lines, span, least) => {
  const points = lines.flat();
  const end = Math.max(...points.map(({ time }) => time));
  const top = Math.max(least, ...points.map(({ value }) => value ?? 0));
  const x = (time) => width - ((end - time) / span) * width;
  const y = (value) => height - 2 - (value / top) * (height - 4);
  chart.replaceChildren(
    svg('path', { class: 'grid', d: `M0 2H${width}M0 ${height / 2}H${width}` }),
    svg('path', { class: 'grid base', d: `M0 ${height - 1}H${width}` }),
    ...lines.map((line, i) => svg('path', { class: `line line-${i + 1}`, d: pathOf(line, x, y) })),
  );
  return top;
};
