// Small charts, as SVG of our own. Each has the same figures as a table for those who do not see it.

import { bytes, day, exactTime, fill, h, put, svg, table } from './ui.js';

const width = 600; // units of the drawing, which is stretched to its place
const height = 120;

/// Where each time is, from 0 to 1.
function along(times) {
  const [first, ...rest] = times.map(at => Date.parse(at));
  return [0, ...rest.map(at => (at - first) / (rest.at(-1) - first))];
}

/// The line through values, or with `closed` the area below it, in pieces where a value is null.
function path(values, places, most, closed) {
  const tall = height - 2;
  const bottom = tall + 1;
  const x = i => (places[i] * width).toFixed(1);
  return values.map((value, i) => {
    if (value === null) return '';
    const first = i === 0 || values[i - 1] === null;
    const last = (values[i + 1] ?? null) === null;
    return `${first ? (closed ? `M${x(i)} ${bottom}L` : 'M') : 'L'}${x(i)} ${(bottom - (value / most) * tall).toFixed(1)}${closed && last ? `L${x(i)} ${bottom}Z` : ''}`;
  }).join('');
}

/// The least of 1, 2, 5, 10 … that is not less.
function roof(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find(factor => factor * power >= value) * power;
}

const rule = y => svg('line.rule', { x1: 0, x2: width, y1: y, y2: y, 'vector-effect': 'non-scaling-stroke' });
const group = (one, ...children) => svg('g', { class: `series ${one.kind}` }, children);

/// One area for each series.
function areas({ series, format }, places) {
  const peak = Math.max(0, ...series.flatMap(one => one.values));
  const most = roof(peak);
  return [peak > 0 && format(most), rule(1), rule(height / 2), series.map(one => group(one,
    svg('path.area', { d: path(one.values, places, most, true) }),
    svg('path.stroke', { d: path(one.values, places, most), 'vector-effect': 'non-scaling-stroke' })))];
}

/// What was received above the line and what was sent below it, of all series on top of each other.
function bars({ series }, places) {
  const peak = Math.max(1, ...places.flatMap((_, i) => [0, 1].map(way => series.reduce((sum, one) => sum + one.values[i][way], 0))));
  const unit = 1024 ** Math.floor(Math.log2(peak) / 10);
  const most = roof(peak / unit) * unit;
  const middle = height / 2;
  const ends = places.map(() => [middle, middle]);
  const wide = (0.7 * width) / places.length;
  const block = way => (value, i) => {
    const from = ends[i][way];
    ends[i][way] += ((value[way] / most) * middle) * (way ? 1 : -1);
    return `M${places[i] * width - wide / 2} ${from}h${wide}V${ends[i][way]}h${-wide}z`;
  };
  return [bytes(most), rule(middle), series.map(one => group(one, svg('path.block', { d: [0, 1].map(way => one.values.map(block(way)).join('')).join('') })))];
}

/// Figures over time, one area for each series: `areaChart({ label, times, series: [{ name, values, kind }], format })`.
/// Kinds are received, sent, or a number from 1 for others. `update` on what is returned takes the same.
export const areaChart = options => chart({ draw: areas, placesOf: along, short: clock, long: exactTime, ...options });

/// Pairs of bytes, received and sent, one for each day; a series has its `total` as well.
export const barChart = options => chart({ draw: bars, placesOf: times => times.map((_, i) => (i + 0.5) / times.length), short: day, long: day, ...options });

function chart(options) {
  const plot = svg('svg.plot', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const top = h('span.chart-top');
  const from = h('span');
  const to = h('span');
  const legend = h('p.legend');
  const marker = h('div.chart-marker', { hidden: true });
  const place = h('div.chart-place', { onpointermove: point, onpointerleave: () => { marker.hidden = true; tell(); } }, top, plot, marker);
  const figures = h('div', { tabindex: 0, role: 'group', label: options.label });
  const details = h('details.chart-table', { ontoggle: () => fillTable() }, h('summary', 'As a table'), figures);
  const element = h('figure.chart', { label: options.label }, legend, place, h('div.chart-times', from, to), details);
  let shown = options;

  function point(event) {
    if (shown.times.length < 2) return;
    const box = place.getBoundingClientRect();
    const places = shown.placesOf(shown.times);
    const off = at => Math.abs(at - (event.clientX - box.left) / box.width);
    const i = places.reduce((best, at, i) => (off(at) < off(places[best]) ? i : best), 0);
    marker.hidden = false;
    marker.style.setProperty('left', `${places[i] * 100}%`);
    tell(i);
  }

  /// The figures of one time, or else the last ones.
  function tell(i) {
    const { times, series, format } = shown;
    fill(legend, series.map(one => {
      const value = i === undefined && one.total || one.values.at(i ?? -1);
      return h('span', { class: `series ${one.kind}` }, h('i', { 'aria-hidden': 'true' }), `${one.name} `, h('strong', value === undefined ? '' : value === null ? 'unknown' : format(value)));
    }), i >= 0 && h('span.muted', shown.short(times[i])));
  }

  function fillTable() {
    if (!details.open) return;
    const { times, series } = shown;
    const text = value => (value === null ? 'unknown' : shown.format(value));
    fill(figures, table([['Time', i => shown.long(times[i])], ...series.map(one => [one.name, i => text(one.values[i]), 'number'])], [...times.keys()].reverse()));
  }

  function update(next) {
    shown = { ...shown, ...next };
    const { times } = shown;
    const [peak, ...drawing] = shown.draw(shown, shown.placesOf(times));
    put(top, peak || '');
    fill(plot, drawing);
    if (marker.hidden) tell();
    put(from, times.length ? shown.short(times[0]) : '');
    put(to, times.length ? shown.short(times.at(-1)) : '');
    fillTable();
  }
  update(options);
  return Object.assign(element, { update });
}

/// What a chart shows of a traffic history of the API: times, and bytes per second.
export function carried({ since, step, rx_bytes: received, tx_bytes: sent }) {
  const speed = value => (value === null ? null : value / step);
  return flow(received.map((_, i) => Date.parse(since) + i * step * 1000), received.map(speed), sent.map(speed));
}

/// The same of counters as they were read, one `[milliseconds, received, sent]` after the other.
export function sampled(samples) {
  const later = samples.slice(1);
  const speeds = which => later.map((one, i) => Math.max(0, ((one[which] - samples[i][which]) * 1000) / (one[0] - samples[i][0])));
  return flow(later.map(([at]) => at), speeds(1), speeds(2));
}

const flow = (times, received, sent) => ({
  times: times.map(at => new Date(at).toISOString()),
  series: [{ name: 'Received', kind: 'received', values: received }, { name: 'Sent', kind: 'sent', values: sent }],
});

const clock = at => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
