// Small charts, as SVG of our own. Each has the same figures as a table for those who do not see it.

import { fill, h, put, svg } from './dom.js';
import { exactTime } from './format.js';

const width = 600; // units of the drawing, which is stretched to its place
const height = 120;

/// An area without axes: `sparkline([1, 5, 3], { label: 'Received in the last minute' })`. Where null stands, nothing is known.
export function sparkline(values, { label }) {
  const most = Math.max(1, ...values);
  return svg('svg', { class: 'sparkline received', viewBox: '0 0 100 24', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    svg('path', { class: 'area', d: path(values, most, 100, 23, true) }),
    svg('path', { class: 'stroke', d: path(values, most, 100, 23), 'vector-effect': 'non-scaling-stroke' }));
}

/// The line through values, or with `closed` the area below it, in pieces where a value is null.
function path(values, most, w, tall, closed) {
  const bottom = tall + 1;
  const x = (i) => (values.length > 1 ? (i * w) / (values.length - 1) : 0).toFixed(1);
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
  return [1, 2, 5, 10].find((factor) => factor * power >= value) * power;
}

/// Figures over time, one area for each series: `areaChart({ label, times, series: [{ name, values, kind }], format })`.
/// Kinds are received, sent, or a number from 1 for others. `update` on what is returned takes the same.
export function areaChart(options) {
  const plot = svg('svg', { class: 'plot', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const top = h('span', { class: 'chart-top' });
  const from = h('span');
  const to = h('span');
  const legend = h('p', { class: 'legend' });
  const marker = h('div', { class: 'chart-marker', hidden: true });
  const note = h('div', { class: 'chart-note', hidden: true });
  const place = h('div', { class: 'chart-place', onpointermove: point, onpointerleave: () => { marker.hidden = note.hidden = true; } },
    top, plot, marker, note);
  const figures = h('div', { tabindex: 0, role: 'group', 'aria-label': options.label });
  const table = h('details', { class: 'chart-table', ontoggle: () => fillTable() }, h('summary', 'As a table'), figures);
  const element = h('figure', { class: 'chart', 'aria-label': options.label }, legend, place, h('div', { class: 'chart-times' }, from, to), table);
  let shown = options;

  function point(event) {
    const { times, series, format } = shown;
    if (times.length < 2) return;
    const box = place.getBoundingClientRect();
    const i = Math.max(0, Math.min(times.length - 1, Math.round(((event.clientX - box.left) / box.width) * (times.length - 1))));
    const x = (i / (times.length - 1)) * box.width;
    marker.hidden = note.hidden = false;
    marker.style.setProperty('left', `${x}px`);
    note.style.setProperty('left', `${Math.min(Math.max(x, 90), box.width - 90)}px`);
    fill(note, h('strong', clock(times[i])), series.map((one) => h('span', ` ${one.name} ${one.values[i] === null ? 'unknown' : format(one.values[i])}`)));
  }

  function fillTable() {
    if (!table.open) return;
    const { times, series } = shown;
    const text = (value) => (value === null ? 'unknown' : shown.format(value));
    fill(figures, h('table', h('thead', h('tr', ['Time', ...series.map((one) => one.name)].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', times.map((at, i) => h('tr', h('th', { scope: 'row' }, exactTime(at)), series.map((one) => h('td', text(one.values[i]))))).reverse())));
  }

  function update(next) {
    shown = { ...shown, ...next };
    const { times, series, format } = shown;
    const most = roof(Math.max(0, ...series.flatMap((one) => one.values.filter((value) => value !== null))));
    put(top, format(most));
    fill(plot, [0, 0.5].map((part) => svg('line', { class: 'rule', x1: 0, x2: width, y1: 1 + part * (height - 2), y2: 1 + part * (height - 2), 'vector-effect': 'non-scaling-stroke' })),
      series.map((one) => svg('g', { class: `series ${one.kind}` },
        svg('path', { class: 'area', d: path(one.values, most, width, height - 2, true) }),
        svg('path', { class: 'stroke', d: path(one.values, most, width, height - 2), 'vector-effect': 'non-scaling-stroke' }))));
    fill(legend, series.map((one) => {
      const last = one.values.at(-1);
      return h('span', { class: `series ${one.kind}` }, h('i', { 'aria-hidden': 'true' }), `${one.name} `,
        last === null || last === undefined ? '' : h('strong', format(last)));
    }));
    put(from, times.length ? clock(times[0]) : '');
    put(to, times.length ? clock(times.at(-1)) : '');
    fillTable();
  }
  update(options);
  return Object.assign(element, { update });
}

/// What a chart shows of a traffic history of the API: times, and bytes per second.
export function carried({ since, step, rx_bytes: received, tx_bytes: sent }) {
  const series = (name, kind, values) => ({ name, kind, values: values.map((value) => (value === null ? null : value / step)) });
  return {
    times: received.map((_, i) => new Date(Date.parse(since) + i * step * 1000).toISOString()),
    series: [series('Received', 'received', received), series('Sent', 'sent', sent)],
  };
}

const clock = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
