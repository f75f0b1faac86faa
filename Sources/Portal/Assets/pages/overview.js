// What has to be done, then what there is: the network in figures, as a drawing, and as a table.

import { go } from '../app.js';
import { api, banner, card, count, counted, empty, figure, findings, gatewayStatuses, h, nameOf, page, rate, renew, svg, table } from '../ui.js';
import { gatewayColumns } from './gateways.js';

/// Where more is shown of what a remark is about.
const places = { never_connected: 'list=never', config_outdated: 'list=outdated' };
const further = ({ code }) => places[code] && h('p', h('a', { href: `/peers?${places[code]}` }, 'Show these peers'));

const drawnGateways = 48;

export default async function overviewPage({ can, changes, figures }) {
  const look = async () => {
    const [overview, gateways] = await Promise.all([
      api.get('overview'), api.list('wireguard_interfaces', { 'page[size]': 250 }),
    ]);
    return { overview, gateways: gateways.data, all: gateways.meta.total_results };
  };
  const [first, networks] = await Promise.all([look(), api.all('networks')]);
  if (!first.all && !first.overview.peers_count) {
    if (can('member')) { go('/start', { replace: true }); return; }
    return page('Overview', {}, empty('Nothing is set up yet', 'There is no gateway so far. A member of this organization can set up the first one.'));
  }
  const networkNames = new Map(networks.map(network => [network.id, network.name]));
  let now = first;
  const sum = name => now.gateways.reduce((total, gateway) => total + gateway[name], 0);

  const remarks = h('div');
  const figuresPlace = h('div.figures');
  const drawing = h('div.drawing', { 'aria-hidden': 'true' });
  const list = h('div');

  function draw() {
    const { overview, gateways } = now;
    const [received, sent] = [sum('rx_bytes_per_second'), sum('tx_bytes_per_second')];
    const found = overview.remarks.filter(remark => remark.severity !== 'ok' && remark.code !== 'no_peers');
    renew(remarks, found.length
      ? h('section.card', { 'aria-labelledby': 'remarks' }, h('h2', { id: 'remarks' }, found[0].severity === 'info' ? 'Worth knowing' : 'Needs attention'), findings(found, further))
      : overview.peers_count
        ? banner('ok', 'All is well: no gateway and no peer needs attention.')
        : banner('info', 'There are no peers yet. The first one takes a minute.', can('member') && h('a.button.primary', { href: '/start' }, 'Connect the first peer')));
    renew(figuresPlace,
      figure('Connected', count(overview.connected_peers_count), `of ${counted(overview.peers_count, 'peer')}`),
      figure('Gateways in service', count(overview.provisioned_gateways_count), `of ${counted(overview.gateways_count, 'gateway')}`),
      figure('Received now', rate(received), 'from peers'), figure('Sent now', rate(sent), 'to peers'));
    drawNetwork(drawing, gateways, networkNames);
    renew(list, table(gatewayColumns(id => networkNames.get(id) ?? id), byRegion(gateways).flatMap(([, own]) => own), 'Gateways by region'));
  }
  draw();

  const observer = new ResizeObserver(() => drawNetwork(drawing, now.gateways, networkNames));
  observer.observe(drawing);
  const again = async () => { now = await look(); draw(); };
  figures(again);
  changes(events => {
    for (const event of events) if (event.object_type === 'network' && event.after) networkNames.set(event.object_id, event.after.name);
    if (events.some(event => ['network', 'wireguard_interface'].includes(event.object_type) || event.type === 'reset')) again().catch(() => {}); // The next figures come soon.
  });

  const shown = page('Overview', {}, remarks, figuresPlace, card('The network', drawing),
    card({ title: 'Gateways by region', actions: h('a', { href: '/gateways' }, 'All gateways') }, list,
      first.all > first.gateways.length && h('p.hint', `The first ${count(first.gateways.length)} of ${counted(first.all, 'gateway')} are shown.`)));
  return { ...shown, leave: () => observer.disconnect() };
}

const byRegion = gateways => [...Map.groupBy(gateways, gateway => gateway.region.name)].sort(([a], [b]) => a.localeCompare(b));

// MARK: The drawing

const cell = { width: 330, height: 72, gap: 32 };
const pad = 16;

/// Regions as panels, in them each gateway with the group of its peers, and between the two what flows. The same is in the
/// table below, so that this is for the eye alone.
function drawNetwork(place, gateways, networkNames) {
  const width = place.clientWidth;
  if (!width) return;
  const busiest = new Set([...gateways].sort((a, b) => b.peers_count - a.peers_count).slice(0, drawnGateways));
  const room = width - 2 * pad;
  const columns = Math.max(1, Math.floor((room + cell.gap) / (cell.width + cell.gap)));
  const cellWidth = Math.min(cell.width, room);
  let x = 0;
  let y = 0;
  let tallest = 0;
  const panels = byRegion(gateways.filter(gateway => busiest.has(gateway))).map(([region, own]) => {
    const across = Math.min(columns, own.length);
    const panelWidth = 2 * pad + across * (cellWidth + cell.gap) - cell.gap;
    const panelHeight = 44 + Math.ceil(own.length / across) * cell.height;
    if (x && x + panelWidth > width) { x = 0; y += tallest + 2 * pad; tallest = 0; }
    const panel = group(x, y,
      svg('rect.panel', { width: panelWidth, height: panelHeight, rx: 10 }),
      svg('text.region', { x: pad, y: 26 }, clip(region, panelWidth - 2 * pad)),
      own.map((gateway, i) => group(pad + (i % across) * (cellWidth + cell.gap), 36 + Math.floor(i / across) * cell.height,
        drawGateway(gateway, cellWidth, networkNames.get(gateway.network_id) ?? ''))));
    tallest = Math.max(tallest, panelHeight);
    x += panelWidth + 2 * pad;
    return panel;
  });
  const height = y + tallest;
  renew(place, svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, panels),
    gateways.length > busiest.size && h('p.hint', `The ${busiest.size} gateways with the most peers are drawn; the table has all.`));
}

const group = (x, y, ...children) => svg('g', { transform: `translate(${x} ${y})` }, children);

function drawGateway(gateway, width, network) {
  const box = Math.min(150, width * 0.48);
  const middle = cell.height / 2;
  const ring = 26;
  const x = width - ring - 6;
  const { peers_count: peers, connected_peers_count: connected } = gateway;
  const around = 2 * Math.PI * ring;
  const flow = (name, bytes, line, label) => svg('g', { class: name },
    svg('line', { class: `flow ${bytes > 0 ? 'busy' : ''}`, x1: box + 4, x2: x - ring - 5, y1: line, y2: line, 'stroke-width': bytes > 0 ? Math.min(7, 1.5 + Math.log10(1 + bytes / 100)) : 1 }),
    bytes > 0 && svg('text.speed', { x: (box + x - ring) / 2, y: label, 'text-anchor': 'middle' }, rate(bytes)));
  const circle = (name, attributes) => svg('circle', { class: name, cx: x, cy: middle, r: ring, ...attributes });
  const text = (name, left, top, words, attributes) => svg('text', { class: name, x: left, y: top, ...attributes }, words);
  return [
    flow('received', gateway.rx_bytes_per_second, middle - 5, middle - 12), flow('sent', gateway.tx_bytes_per_second, middle + 5, middle + 22),
    svg('a', { href: `/gateways/${gateway.id}`, tabindex: -1 },
      svg('rect', { class: `node ${gatewayStatuses[gateway.status]?.[0]}`, y: middle - 24, width: box, height: 48, rx: 8 }),
      text('node-name', 12, middle - 3, clip(nameOf(gateway), box - 20, 8.6)), text('node-note', 12, middle + 15, clip(network, box - 16))),
    svg('a', { href: `/peers?gateway=${gateway.id}`, tabindex: -1 },
      circle('ring'),
      connected > 0 && circle('ring-part', { 'stroke-dasharray': `${(around * connected) / peers} ${around}`, transform: `rotate(-90 ${x} ${middle})` }),
      text('node-name', x, middle + 2, short(connected), { 'text-anchor': 'middle' }),
      text('node-note', x, middle + 14, `of ${short(peers)}`, { 'text-anchor': 'middle' })),
  ];
}

const short = number => (number < 10_000 ? String(number) : `${Math.round(number / 1000)}k`);

/// As much of a text as fits, by the width of a letter on average.
function clip(text, room, letter = 7.4) {
  const letters = Math.max(3, Math.floor(room / letter));
  const all = [...text];
  return all.length > letters ? `${all.slice(0, letters - 1).join('')}…` : text;
}
