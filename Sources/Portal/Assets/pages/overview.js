// What has to be done, then what there is: the network in figures, as a drawing, and as a table.

import { api } from '../api.js';
import { go } from '../app.js';
import { sparkline } from '../chart.js';
import { fill, h, put, svg } from '../dom.js';
import { count, counted, gatewayStatuses, nameOf, rate } from '../format.js';
import { badge, banner, card, empty, figure, findings, header, table } from '../ui.js';

const drawnGateways = 48;
const kept = 60; // measurements of the small chart, two seconds apart

export default async function overviewPage({ can, signal, changes, figures }) {
  const look = async () => {
    const [overview, gateways] = await Promise.all([
      api.get('/v2/overview', {}, { signal }), api.list('/v2/wireguard_interfaces', { 'page[size]': 250 }, { signal }),
    ]);
    return { overview, gateways: gateways.data, all: gateways.meta.total_results };
  };
  const [first, networks] = await Promise.all([look(), api.all('/v2/networks', {}, { signal })]);
  if (!first.all && !first.overview.peers_count) {
    if (can('member')) { go('/start', { replace: true }); return; }
    return { title: 'Overview', element: h('div', header('Overview'), empty('Nothing is set up yet', 'There is no gateway so far. A member of this organization can set up the first one.')) };
  }
  const networkNames = new Map(networks.map((network) => [network.id, network.name]));
  let now = first;
  let before = null;
  const speeds = new Map(); // gateway id → bytes per second
  const totals = [];

  // MARK: Parts

  const remarks = h('div');
  const connected = h('span');
  const known = h('span');
  const inService = h('span');
  const ofGateways = h('span');
  const received = h('span');
  const sent = h('span');
  const spark = h('span');
  const drawing = h('div', { class: 'drawing', 'aria-hidden': 'true' });
  const list = h('div');

  function drawRemarks({ overview }) {
    const shown = overview.remarks.filter((remark) => remark.severity !== 'ok' && remark.code !== 'no_peers');
    const key = JSON.stringify(shown);
    if (remarks.dataset.key === key) return;
    remarks.dataset.key = key;
    const worst = shown[0]?.severity;
    fill(remarks, shown.length
      ? card(worst === 'info' ? 'Worth knowing' : 'Needs attention', findings(shown))
      : overview.peers_count
        ? banner('ok', 'All is well: no gateway and no peer needs attention.')
        : banner('info', 'There are no peers yet. The first one takes a minute.', can('member') && h('a', { class: 'button primary', href: '/start' }, 'Connect the first peer')));
  }

  /// Bytes per second of each gateway, since the measurement before.
  function measure() {
    const at = performance.now();
    const seconds = (at - (before?.at ?? at)) / 1000;
    if (before && seconds < 1) return;
    for (const gateway of now.gateways) {
      const old = before?.gateways.get(gateway.id);
      const speed = (name) => (old ? Math.max(0, (gateway[name] - old[name]) / seconds) : 0);
      speeds.set(gateway.id, { rx: speed('rx_bytes'), tx: speed('tx_bytes') });
    }
    if (before) totals.push(sum('rx') + sum('tx'));
    if (totals.length > kept) totals.shift();
    before = { at, gateways: new Map(now.gateways.map((gateway) => [gateway.id, gateway])) };
  }
  const sum = (name) => now.gateways.reduce((total, { id }) => total + (speeds.get(id)?.[name] ?? 0), 0);

  function draw() {
    measure();
    const { overview } = now;
    put(connected, count(overview.connected_peers_count));
    put(known, `of ${counted(overview.peers_count, 'peer')}`);
    put(inService, count(overview.provisioned_gateways_count));
    put(ofGateways, `of ${counted(overview.gateways_count, 'gateway')}`);
    put(received, rate(sum('rx')));
    put(sent, rate(sum('tx')));
    fill(spark, sparkline(totals, { label: 'Traffic of the last two minutes' }));
    drawRemarks(now);
    drawNetwork(drawing, now.gateways, speeds, networkNames);
    drawTable();
  }

  const cells = new Map(); // gateway id → the elements whose text changes
  function drawTable() {
    const shape = JSON.stringify(now.gateways.map((g) => [g.id, g.name, g.status, g.status_reason]));
    if (list.dataset.shape !== shape) {
      list.dataset.shape = shape;
      cells.clear();
      for (const gateway of now.gateways) cells.set(gateway.id, { peers: h('span'), rx: h('span'), tx: h('span') });
      fill(list, table([
        { title: 'Gateway', cell: (gateway) => h('a', { href: `/gateways/${gateway.id}` }, h('bdi', nameOf(gateway))) },
        { title: 'Region', cell: (gateway) => gateway.region.name },
        { title: 'Network', cell: (gateway) => h('a', { href: `/networks/${gateway.network_id}` }, h('bdi', networkNames.get(gateway.network_id) ?? 'unknown')) },
        { title: 'State', cell: (gateway) => [state(gateway), gateway.status_reason && h('p', { class: 'hint' }, gateway.status_reason)] },
        { title: 'Peers', class: 'number', cell: (gateway) => h('a', { href: `/peers?gateway=${gateway.id}` }, cells.get(gateway.id).peers) },
        { title: 'Received', class: 'number', cell: (gateway) => cells.get(gateway.id).rx },
        { title: 'Sent', class: 'number', cell: (gateway) => cells.get(gateway.id).tx },
      ], byRegion(now.gateways).flatMap(([, gateways]) => gateways), { caption: 'Gateways by region' }));
    }
    for (const gateway of now.gateways) {
      const { peers, rx, tx } = cells.get(gateway.id);
      put(peers, peersOf(gateway));
      put(rx, rate(speeds.get(gateway.id)?.rx ?? 0));
      put(tx, rate(speeds.get(gateway.id)?.tx ?? 0));
    }
  }

  draw();
  const more = first.all > first.gateways.length;
  const element = h('div',
    header('Overview'),
    remarks,
    h('div', { class: 'figures' },
      figure('Connected', connected, known), figure('Gateways in service', inService, ofGateways),
      figure('Received now', received, 'from peers'), figure('Sent now', sent, 'to peers'),
      figure('Last two minutes', spark, 'both ways')),
    card('The network', drawing),
    card({ title: 'Gateways by region', actions: h('a', { href: '/gateways' }, 'All gateways') }, list,
      more && h('p', { class: 'hint' }, `The first ${count(first.gateways.length)} of ${counted(first.all, 'gateway')} are shown.`)));

  const redraw = () => drawNetwork(drawing, now.gateways, speeds, networkNames);
  const observer = new ResizeObserver(redraw);
  observer.observe(drawing);

  figures(async () => { now = await look(); draw(); });
  changes(async (events) => {
    if (!events.some((event) => ['network', 'wireguard_interface'].includes(event.object_type) || event.type === 'reset')) return;
    for (const event of events) if (event.object_type === 'network' && event.after) networkNames.set(event.object_id, event.after.name);
    try { now = await look(); draw(); } catch { /* The next batch of figures comes soon. */ }
  });
  return { title: 'Overview', element, leave: () => observer.disconnect() };
}

const state = (gateway) => {
  const { kind, text } = gatewayStatuses[gateway.status] ?? { kind: 'off', text: gateway.status };
  return badge(gateway.status_reason && kind === 'ok' ? 'warning' : kind, text);
};

const peersOf = (gateway) => (gateway.connected_peers_count === undefined
  ? count(gateway.peers_count) : `${count(gateway.connected_peers_count)} of ${count(gateway.peers_count)}`);

function byRegion(gateways) {
  const regions = new Map();
  for (const gateway of gateways) {
    if (!regions.has(gateway.region.name)) regions.set(gateway.region.name, []);
    regions.get(gateway.region.name).push(gateway);
  }
  return [...regions].sort(([a], [b]) => a.localeCompare(b));
}

// MARK: The drawing

const cell = { width: 330, height: 72, gap: 32 };
const pad = 16;

/// Regions as panels, in them each gateway with the group of its peers, and between the two what flows. The same is in the
/// table below, so that this is for the eye alone.
function drawNetwork(place, gateways, speeds, networkNames) {
  const width = place.clientWidth;
  if (!width) return;
  const busiest = [...gateways].sort((a, b) => b.peers_count - a.peers_count).slice(0, drawnGateways);
  const shown = gateways.filter((gateway) => busiest.includes(gateway));
  const columns = Math.max(1, Math.floor((width - 2 * pad + cell.gap) / (cell.width + cell.gap)));
  const cellWidth = Math.min(cell.width, width - 2 * pad);
  const panels = [];
  let x = 0;
  let y = 0;
  let tallest = 0;
  for (const [region, own] of byRegion(shown)) {
    const across = Math.min(columns, own.length);
    const down = Math.ceil(own.length / across);
    const panelWidth = 2 * pad + across * cellWidth + (across - 1) * cell.gap;
    const panelHeight = 36 + down * cell.height + pad / 2;
    if (x && x + panelWidth > width) { x = 0; y += tallest + 2 * pad; tallest = 0; }
    panels.push(svg('g', { transform: `translate(${x} ${y})` },
      svg('rect', { class: 'panel', width: panelWidth, height: panelHeight, rx: 10 }),
      svg('text', { class: 'region', x: pad, y: 26 }, clip(region, panelWidth - 2 * pad)),
      own.map((gateway, i) => drawGateway(gateway, pad + (i % across) * (cellWidth + cell.gap), 36 + Math.floor(i / across) * cell.height,
        cellWidth, speeds.get(gateway.id), networkNames))));
    tallest = Math.max(tallest, panelHeight);
    x += panelWidth + 2 * pad;
  }
  const height = y + tallest;
  fill(place, svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, panels),
    gateways.length > shown.length && h('p', { class: 'hint' }, `The ${shown.length} gateways with the most peers are drawn; the table has all.`));
}

function drawGateway(gateway, x, y, width, speed = { rx: 0, tx: 0 }, networkNames) {
  const { kind } = gatewayStatuses[gateway.status] ?? { kind: 'off' };
  const box = Math.min(150, width * 0.48);
  const middle = cell.height / 2;
  const ring = 26;
  const right = width - ring - 6;
  const part = gateway.connected_peers_count === undefined ? 0 : gateway.connected_peers_count / Math.max(1, gateway.peers_count);
  const around = 2 * Math.PI * ring;
  const flow = (name, bytes, at, label) => [
    svg('line', { class: `flow ${name} ${bytes > 0 ? 'busy' : ''}`, x1: box + 4, x2: right - ring - 5, y1: at, y2: at, 'stroke-width': thickness(bytes) }),
    bytes > 0 && svg('text', { class: `speed ${name}`, x: (box + right - ring) / 2, y: label, 'text-anchor': 'middle' }, rate(bytes)),
  ];
  return svg('g', { transform: `translate(${x} ${y})` },
    flow('received', speed.rx, middle - 5, middle - 12), flow('sent', speed.tx, middle + 5, middle + 22),
    svg('a', { href: `/gateways/${gateway.id}`, tabindex: -1 },
      svg('rect', { class: `node ${kind}`, y: middle - 24, width: box, height: 48, rx: 8 }),
      svg('text', { class: 'node-name', x: 12, y: middle - 3 }, clip(nameOf(gateway), box - 20)),
      svg('text', { class: 'node-note', x: 12, y: middle + 15 }, clip(networkNames.get(gateway.network_id) ?? '', box - 16))),
    svg('a', { href: `/peers?gateway=${gateway.id}`, tabindex: -1 },
      svg('circle', { class: 'ring', cx: right, cy: middle, r: ring }),
      part > 0 && svg('circle', { class: 'ring-part', cx: right, cy: middle, r: ring, 'stroke-dasharray': `${around * part} ${around}`, transform: `rotate(-90 ${right} ${middle})` }),
      svg('text', { class: 'ring-count', x: right, y: middle + 2, 'text-anchor': 'middle' }, short(gateway.connected_peers_count ?? gateway.peers_count)),
      svg('text', { class: 'node-note', x: right, y: middle + 14, 'text-anchor': 'middle' },
        gateway.connected_peers_count === undefined ? 'peers' : `of ${short(gateway.peers_count)}`)));
}

const thickness = (bytes) => (bytes > 0 ? Math.min(7, 1.5 + Math.log10(1 + bytes / 100)) : 1);
const short = (number) => (number < 10_000 ? String(number) : `${Math.round(number / 1000)}k`);

/// As much of a text as fits, by the width of a letter on average.
function clip(text, room) {
  const letters = Math.max(3, Math.floor(room / 7.4));
  const all = [...text];
  return all.length > letters ? `${all.slice(0, letters - 1).join('')}…` : text;
}
