// What has to be done, then what there is: the network in figures, as a drawing, and as tables.

import { go } from '../app.js';
import { api, banner, card, count, counted, empty, figure, findings, h, linkStates, milliseconds, nameOf, page, pairs, percent, rate, renew, shape, svg, table } from '../ui.js';
import { gatewayColumns, linksCard, stateOf, viaOf } from './gateways.js';

/// Where more is shown of what a remark is about.
const places = { never_connected: 'peers?list=never', config_outdated: 'peers?list=outdated', webhook_failing: 'webhooks' };
const further = ({ code }) => places[code] && h('p', h('a', { href: `/${places[code]}` }, `Show ${code === 'webhook_failing' ? 'webhooks' : 'these peers'}`));

export default async function overviewPage(context) {
  const { can, changes, figures, reload } = context;
  const look = async () => {
    const [overview, gateways] = await Promise.all([
      api.get('overview'), api.list('wireguard_interfaces'),
    ]);
    return { overview, gateways: gateways.data, all: gateways.meta.total_results };
  };
  const [first, networks] = await Promise.all([look(), api.all('networks')]);
  if (!first.all && !first.overview.peers_count) {
    if (can('member')) { go('/start', { replace: true }); return; }
    return page('Overview', {}, empty('Nothing is set up yet', 'There is no gateway so far. A member of this organization can set up the first one.'));
  }
  const names = new Map(pairs(networks));
  const networkName = id => names.get(id) ?? id;
  let now = first;
  let links = [];

  const remarks = h('div');
  const figuresPlace = h('div.figures');
  const drawing = h('div.drawing', { 'aria-hidden': 'true' });
  const list = h('div');
  const drawNow = () => drawNetwork(drawing, now.gateways, links, networkName);

  function draw() {
    const { overview, gateways } = now;
    const sum = (list, name) => list.reduce((total, one) => total + one[name], 0);
    const away = sum(overview.remarks.filter(({ code }) => code === 'node_away' || code === 'node_connecting'), 'count');
    const found = overview.remarks.filter(remark => remark.severity !== 'ok' && remark.code !== 'no_peers');
    renew(remarks, found.length
      ? h('section.card', { 'aria-labelledby': 'remarks' }, h('h2', { id: 'remarks' }, found[0].severity === 'info' ? 'Worth knowing' : 'Needs attention'), findings(found, further))
      : overview.peers_count
        ? banner('ok', 'All is well: no gateway and no peer needs attention.')
        : banner('info', 'There are no peers yet. The first one takes a minute.', can('member') && h('a.button.primary', { href: '/start' }, 'Connect the first peer')));
    renew(figuresPlace,
      figure('Connected', count(overview.connected_peers_count), `of ${counted(overview.peers_count, 'peer')}`),
      figure('Gateways in service', count(overview.provisioned_gateways_count), `of ${counted(overview.gateways_count, 'gateway')}${away ? `, ${count(away)} not heard of` : ''}`),
      figure('Received now', rate(sum(gateways, 'rx_bytes_per_second')), 'from peers'), figure('Sent now', rate(sum(gateways, 'tx_bytes_per_second')), 'to peers'));
    drawNow();
    renew(list, table(gatewayColumns(networkName), byRegion(gateways).flatMap(([, own]) => own), 'Gateways by region'));
  }
  draw();

  const observer = new ResizeObserver(drawNow);
  observer.observe(drawing);
  const linkList = await linksCard(context, { networkName: networks.length > 1 && networkName, onread: read => { links = read; drawNow(); } });
  const again = async () => { now = await look(); draw(); };
  figures(again);
  changes(events => {
    if (events.some(event => event.object_type === 'network' || event.type === 'reset')) reload();
    else if (events.some(event => event.object_type === 'wireguard_interface')) again().catch(() => {}); // The next figures come soon.
  });

  const shown = page('Overview', {}, remarks, figuresPlace, card('The network', drawing),
    card({ title: 'Gateways by region', actions: h('a', { href: '/gateways' }, 'All gateways') }, list,
      first.all > first.gateways.length && h('p.hint', `The first ${count(first.gateways.length)} of ${counted(first.all, 'gateway')} are shown.`)), linkList);
  return { ...shown, leave: () => observer.disconnect() };
}

const byRegion = gateways => [...Map.groupBy(gateways, gateway => gateway.region.name)].sort(([a], [b]) => a.localeCompare(b));

// MARK: The drawing

const cell = { most: 354, least: 80, height: 72 };
const gap = 20;
const pad = 12;
const lane = 26;

/// Regions as panels, in them each gateway. Where there are links, regions are narrower, to stand beside each other, and each network
/// has a row with its links below it. The same is in the tables, so that this is for the eye alone.
function drawNetwork(place, gateways, links, networkName) {
  const width = place.clientWidth;
  if (!width) return;
  // More could not be told apart.
  const drawn = [...gateways].sort((a, b) => b.peers_count - a.peers_count).slice(0, 48);
  const lines = links.map(link => ({ ...link, gateways: link.ends.map(end => drawn.find(one => one.id === end.wireguard_interface_id)) }))
    .filter(line => line.gateways.every(Boolean));
  // Those without links share rows.
  const rowOf = one => (lines.some(line => line.gateways.includes(one)) ? one.network_id : '');
  // Bands below each other, each of columns of which a region has one or several.
  const bands = [[]];
  const room = Math.floor((width + gap) / ((lines.length ? cell.least : cell.most) + gap));
  for (const [name, own] of byRegion(drawn)) {
    const across = Math.max(1, ...[...Map.groupBy(own, rowOf)].map(([row, list]) => (row ? list.length : !lines.length && Math.min(room, list.length))));
    if (bands.at(-1).length + across > room && bands[0].length) bands.push([]);
    bands.at(-1).push(...Array(across).fill({ name, own, across }));
  }
  let height = -gap;
  const content = bands.map(columns => {
    const step = Math.min(cell.most + gap, (width + gap) / columns.length);
    const inner = step - gap - 2 * pad;
    const panels = [...new Set(columns)];
    const top = height + gap;
    height = top + 32;
    const rows = [...Map.groupBy(panels.flatMap(({ own }) => own), rowOf)].sort(([a], [b]) => b.localeCompare(a)).map(([, group]) => {
      const column = new Map();
      let bottom = height;
      const cells = panels.flatMap(region => region.own.filter(one => group.includes(one)).map((one, i) => {
        const y = height + Math.floor(i / region.across) * cell.height;
        bottom = Math.max(bottom, y + cell.height);
        column.set(one, columns.indexOf(region) + (i % region.across));
        return at(pad + column.get(one) * step, y, drawGateway(one, inner, networkName));
      }));
      height = bottom;
      // Where it leaves its gateway, a link crosses no other one of it: the longer ones go around the shorter ones.
      const leaves = (here, there) => pad + here * step + boxWidth(inner) * (1 - ((there - here + columns.length) % columns.length) / columns.length);
      const ropes = lines.filter(line => line.gateways.every(one => column.has(one)))
        .map(line => [line, ...line.gateways.map(one => column.get(one)).sort((a, b) => a - b)])
        .sort(([, from, to], [, first, last]) => to - from - last + first)
        .map(([line, from, to]) => drawLink(line, leaves(from, to), leaves(to, from), bottom - 8, (height += lane) - 8, drawn));
      return [ropes, cells];
    });
    const wide = region => region.across * step - gap;
    return [panels.map(one => at(columns.indexOf(one) * step, top, svg('rect.panel', { width: wide(one), height: height - top, rx: 10 }),
      svg('text.region', { x: pad, y: 22 }, clip(one.name, wide(one) - 2 * pad)))), rows];
  });
  renew(place, svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, content),
    (gateways.length > drawn.length || (lines.length > 0 && bands.length > 1)) && h('p.hint', 'Not all of it is drawn. The tables have all.'));
}

const at = (x, y, ...children) => svg('g', { transform: `translate(${x} ${y})` }, children);

function drawLink({ state, ends, round_trip_us: trip, loss_percent: loss }, from, to, top, bottom, gateways) {
  const [kind, word] = linkStates[state] ?? ['off', state];
  const via = state === 'detour' && gateways.find(one => ends.some(end => viaOf(end) === one.id));
  const room = to - from - 20;
  const isShort = room < 96;
  const words = clip(state === 'up' ? `${milliseconds(trip)}${isShort ? '' : `, ${percent(loss)} lost`}` : via && !isShort ? `over ${nameOf(via)}` : word, room, 6);
  const left = (from + to) / 2 - words.length * 3;
  return svg('g', { class: `link ${kind}` }, svg('path', { d: `M${from} ${top}V${bottom}H${to}V${top}` }),
    at(left - 8, bottom - 14, shape(kind)), svg('text', { x: left + 6, y: bottom - 5 }, words));
}

/// A gateway with the group of its peers, and between the two what flows, where there is room for it.
function drawGateway(gateway, width, networkName) {
  const box = boxWidth(width);
  const isNarrow = box === width;
  const middle = cell.height / 2;
  const ring = 26;
  const x = width - ring - 6;
  const { peers_count: peers, connected_peers_count: connected } = gateway;
  const around = 2 * Math.PI * ring;
  const flow = (name, bytes, line, label) => svg('g', { class: name },
    svg('line', { class: `flow ${bytes > 0 ? 'busy' : ''}`, x1: box + 4, x2: x - ring - 5, y1: line, y2: line, 'stroke-width': bytes > 0 ? Math.min(7, 1.5 + Math.log10(1 + bytes / 100)) : 1 }),
    bytes > 0 && svg('text.speed', { x: (box + x - ring) / 2, y: label }, rate(bytes)));
  const circle = (name, attributes) => svg('circle', { class: name, cx: x, cy: middle, r: ring, ...attributes });
  const text = (name, x, y, words) => svg('text', { class: name, x, y }, words);
  return [
    svg('a', { href: `/gateways/${gateway.id}`, tabindex: -1 },
      svg('rect', { class: `node ${stateOf(gateway)[0]}`, y: middle - 28, width: box, height: 56, rx: 8 }),
      [nameOf(gateway), networkName(gateway.network_id), isNarrow && `${short(connected)} of ${short(peers)}`]
        .map((words, i) => words && text(i ? 'node-note' : 'node-name', 10, middle - (isNarrow ? 9 : 3) + i * 15, clip(words, box - 16, 8 - i)))),
    !isNarrow && [
      flow('received', gateway.rx_bytes_per_second, middle - 5, middle - 12), flow('sent', gateway.tx_bytes_per_second, middle + 5, middle + 22),
      svg('a', { href: `/peers?gateway=${gateway.id}`, tabindex: -1 },
        circle('ring'),
        connected > 0 && circle('ring-part', { 'stroke-dasharray': `${(around * connected) / peers} ${around}`, transform: `rotate(-90 ${x} ${middle})` }),
        text('node-name', x, middle + 2, short(connected)),
        text('node-note', x, middle + 14, `of ${short(peers)}`)),
    ],
  ];
}

const boxWidth = width => (width < 200 ? width : Math.min(150, width * 0.48));

const short = number => (number < 10_000 ? number : `${Math.round(number / 1000)}k`);

/// As much of a text as fits, by the width of a letter on average.
function clip(text, room, letter = 7.4) {
  const letters = Math.max(3, Math.floor(room / letter));
  const all = [...text];
  return all.length > letters ? `${all.slice(0, letters - 1).join('')}…` : text;
}
