// The gateways, and one gateway: whether it is in service, who is connected, what it carries and what it drops. And the links
// between gateways.

import { go } from '../app.js';
import { areaChart, carried, sampled } from '../chart.js';
import { listing, listPage, when, whileThere } from '../listing.js';
import { api, badge, banner, button, bytes, card, choicesField, count, counted, deleteButton, edit, facts, few, field, figure, fill, findings, gatewayStatuses, h, header, input, line, linkStates, linkTo, milliseconds, nameField, nameOf, now, numberInput, pairs, percent, problemText, rate, renew, select, sentence, table, time, toggles } from '../ui.js';
import { limitsCard } from './usage.js';

const path = 'wireguard_interfaces';

/// Of a gateway on a node that is not heard of, that is what is known.
export const stateOf = ({ status, node_away_since: away }) => (away ? ['error', 'Node away'] : gatewayStatuses[status] ?? ['off', status]);
const gatewayBadge = one => badge(...stateOf(one));

/// The state with its reason. In a list of gateways that is only how it begins: the gateway's own page has all of it.
export const gatewayState = (one, brief = '') => [gatewayBadge(one), one.node_away_since && h('p.hint', 'since ', time(one.node_away_since)),
  one.status_reason && h(`p.hint${brief}`, { title: one.status_reason }, sentence(one.status_reason))];

/// The columns of a list of gateways; a network's own page does not say which network.
export const gatewayColumns = networkName => [
  ['Gateway', one => linkTo('/gateways', one)],
  networkName && ['Network', one => h('a', { href: `/networks/${one.network_id}` }, h('bdi', networkName(one.network_id)))],
  ['State', one => gatewayState(one, '.brief')],
  ['Region', one => one.region.name, 'minor'],
  ['Endpoint', one => h('code', one.endpoint), 'minor'],
  ['Connected', one => `${count(one.connected_peers_count)} of ${count(one.peers_count)}`, 'number'],
  when('Last handshake', 'latest_handshake_at', 'minor'),
  ['Received', one => rate(one.rx_bytes_per_second), 'number'],
  ['Sent', one => rate(one.tx_bytes_per_second), 'number'],
  ['Free addresses', one => count(one.free_addresses_count), 'number minor'],
];

export default async function gateways(context) {
  const networks = await api.all('networks');
  const names = new Map(pairs(networks));
  return listPage(context, {
    subtitle: 'Where the peers of a network connect to.',
    make: networks.length ? ['member', () => newGateway(networks, context)] : ['member', () => go('/start'), 'Set up the first one'],
    kind: 'wireguard_interface', search: 'filter[name][contains]', seconds: 5, changedBy: ['network'],
    choices: [
      networks.length > 1 && { name: 'network', all: 'All networks', filter: 'filter[network_id]', options: pairs(networks) },
      { name: 'status', all: 'All states', filter: 'filter[status]', options: Object.entries(gatewayStatuses).map(([value, [, text]]) => [value, text]) },
    ].filter(Boolean),
    columns: gatewayColumns(id => names.get(id) ?? id),
    none: 'A gateway is the server’s end of the tunnels of one network.',
  });
}

/// The nodes, which operators alone see.
export const nodesFor = ({ isOperator }) => (isOperator ? api.all('nodes') : []);

/// Those that can carry gateways of a region, and what they are called in a choice.
const placesIn = (region, nodes) => nodes.filter(one => one.state !== 'joining' && one.regions.includes(region))
  .map(({ id, name, state }) => [id, state === 'connected' ? name : `${name} (${state})`]);

export const gatewayRegions = async () => (await api.get('regions')).filter(one => one.supported_interfaces.includes('wireguard_interface'));

/// Asks for what has to be chosen; the rest has defaults and is behind a fold.
export async function newGateway(networks, context) {
  const [regions, services, nodes] = await Promise.all([gatewayRegions(), servicesField({}), nodesFor(context)]);
  // A region, or a node in it where it has several.
  const places = regions.flatMap(({ code, name }) => {
    const within = placesIn(code, nodes);
    return [[code, name], ...within.length > 1 ? within.map(([id, node]) => [`${code} ${id}`, `${name}, on ${node}`]) : []];
  });
  edit('wireguard_interface', {
    read({ region_code: place = regions[0]?.code, ...values }) {
      const [code, node] = place.split(' ');
      return { network_id: networks[0].id, region_code: code, node_id: node, ...services.read(values) };
    },
    made: ({ id }) => go(`/gateways/${id}`),
  },
    nameField('', 'What you call it by.'),
    networks.length > 1 && field('Network', select({ name: 'network_id' }, pairs(networks))),
    places.length > 1 && field('Region', select({ name: 'region_code' }, places)),
    h('details', h('summary', 'More settings'), h('div.stack',
      field('Tunnel subnet', input('subnet'), 'In CIDR notation. Without one, the next free subnet of the network is taken.'),
      tunnelFields({}), services.element)));
}

/// Which private services a gateway leads to, where there are any.
async function servicesField({ services = null, enable_sip_trunking: all = false }) {
  const list = await api.all('private_services');
  if (!list.length) return { read: values => values };
  const { element, read } = choicesField('Private services', 'services', {
    none: 'None', all: 'All of its region', options: list.map(({ name }) => [name, name]), chosen: services ?? (all ? null : []),
  });
  return { element, read: values => ({ ...values, services: read()?.length ? read() : null, enable_sip_trunking: !read() }) };
}

const tunnelFields = ({ mtu, persistent_keepalive: keepalive }) => [
  field('MTU', numberInput('mtu', mtu), 'The largest packet inside the tunnel, in bytes. Empty for the server’s default.'),
  field('Keepalive', numberInput('persistent_keepalive', keepalive), 'Seconds between keepalives in the configs of peers, 0 for none. Empty for the server’s default.'),
];

// MARK: One gateway

/// Where more is shown of it.
export const its = (kind, id) => [h('a.button', { href: `/peers?${kind}=${id}` }, 'Its peers'), h('a.button', { href: `/events?object=${id}` }, 'Its events')];

// Seconds, and those of a step.
const spans = [[0, 'Live', 10], [900, '15 min', 10], [3600, '1 hour', 30], [21600, '6 hours', 180]];

export async function gateway(context) {
  const { id } = context.params;
  let now = await api.get(`${path}/${id}`);
  const network = await api.get(`networks/${now.network_id}`);
  const [nodes, links] = await Promise.all([nodesFor(context), linksCard(context, { network: network.id, own: id })]);
  const places = placesIn(now.region_code, nodes).filter(([node]) => node !== now.node_id);

  const actions = context.can('member') ? [
    button('Edit', () => change(now)),
    places.length > 0 && button('Move', () => move(now, places)),
    deleteButton('wireguard_interface', now, now.peers_count ? `Its ${counted(now.peers_count, 'peer')} are deleted with it, and their devices lose the connection at once.` : 'It has no peers.'),
  ] : [];
  const limits = limitsCard(context, 'wireguard_interface', now);
  const top = h('div');
  const draw = () => renew(top,
    header(nameOf(now), { back: ['/gateways', 'Gateways'], status: [gatewayBadge(now), limits.badge()], subtitle: ['Gateway of ', h('bdi', network.name)], actions }),
    now.status === 'provisioned' && now.status_reason && banner('warning', sentence(now.status_reason)), // Otherwise the diagnosis has it.
    h('div.figures',
      figure('Connected', h('a', { href: `/peers?gateway=${id}` }, count(now.connected_peers_count)), `of ${counted(now.peers_count, 'peer')}`),
      figure('Last handshake', time(now.latest_handshake_at)),
      figure('Received now', rate(now.rx_bytes_per_second), `${bytes(now.rx_bytes)} in all`),
      figure('Sent now', rate(now.tx_bytes_per_second), `${bytes(now.tx_bytes)} in all`)));
  draw();
  const lately = traffic(context.figures, `${path}/${id}`, 900);
  context.figures(async () => { now = await api.get(`${path}/${id}`); draw(); lately.look(now); });
  whileThere(context, 'wireguard_interface');
  const diagnosis = h('div', 'Looking…');
  context.figures(async () => renew(diagnosis, findings((await api.get(`${path}/${id}/diagnosis`)).findings)), 10);

  const element = h('div', top, card('Diagnosis', diagnosis),
    limits.element, lately.element, links,
    card({ title: 'Details', actions: [its('gateway', id), h('a.button', { href: `/usage?gateway=${id}&by=peer` }, 'Its usage')] }, facts(
      ['Network', linkTo('/networks', network)],
      ['Region', now.region.name],
      nodes.length > 0 && ['Node', h('a', { href: '/nodes' }, h('bdi', nodes.find(one => one.id === now.node_id)?.name))],
      ['Endpoint', line(now.endpoint, 'endpoint')],
      ['Public key', line(now.public_key, 'public key')],
      ['Tunnel address', line(now.server_ip_address.split('/')[0], 'tunnel address')],
      ['Tunnel subnet', h('code', now.subnet), `, ${count(now.free_addresses_count)} free`],
      ['Private services', h('a', { href: '/services' }, now.services ? now.services.join(', ') || 'none' : now.enable_sip_trunking ? 'all of its region' : 'none')],
      now.egress_range && ['Egress range', h('code', now.egress_range), h('p.hint', 'what its subnet is outside of its machine')],
      now.egress_range && ['Out of the network', `${bytes(now.egress_rx_bytes)} left, ${bytes(now.egress_tx_bytes)} came in`],
      ['MTU', `${now.mtu} bytes`],
      ['Keepalive', keepalive(now.persistent_keepalive)],
      ['Made', time(now.created_at)], ['Changed', time(now.updated_at)])));
  return { title: nameOf(now), element };
}

export const keepalive = seconds => (seconds === null ? 'the server’s default' : seconds ? `every ${seconds} seconds` : 'none');

async function change(gateway) {
  const services = await servicesField(gateway);
  edit('wireguard_interface', { object: gateway, read: services.read },
    nameField(gateway.name), tunnelFields(gateway), services.element,
    h('p.hint', 'Peers stay connected. Where their configs change, their devices have to fetch them anew.'));
}

const move = (gateway, places) => edit('wireguard_interface', { object: gateway, title: 'Move to another node', submit: 'Move it' },
  h('p', 'It keeps its key and its subnet, and its port where that is free there. Where both nodes are reached at the same address, its peers notice next to nothing. Else each device needs a new config: that of its peer is outdated until then.'),
  field('Node', select({ name: 'node_id' }, places)));

// MARK: Links

export const viaOf = end => end.via_wireguard_interface_id;

/// The links of all gateways, of a `network`, or of one gateway, `own`: a part of a page that is there where there are any.
/// `onread` gets them.
export async function linksCard(context, { network, own, networkName, onread }) {
  let gateways = [];
  const gateway = id => linkTo('/gateways', gateways.find(one => one.id === id) ?? { id });
  const { element, ready } = listing(context, {
    kind: 'backbone_link', fixed: { 'filter[network_id]': network, 'filter[wireguard_interface_id]': own },
    changedBy: ['wireguard_interface'], seconds: 10,
    async before(links) {
      if (links.length) gateways = await api.all(path, { 'filter[network_id]': network }, { most: 250 });
      section.hidden = !links.length;
      onread?.(links);
    },
    columns: [
      [own ? 'To' : 'Between', link => few(link.ends.filter(end => end.wireguard_interface_id !== own), end => [gateway(end.wireguard_interface_id), ` (${end.region_code})`])],
      networkName && ['Network', one => h('bdi', networkName(one.network_id))],
      ['State', ({ state, ends }) => [badge(...linkStates[state] ?? ['off', state]), state === 'detour' && h('p.hint', 'over ', few([...new Set(ends.map(viaOf).filter(Boolean))], gateway))]],
      when('Since', 'state_since'),
      ['Round trip', one => milliseconds(one.round_trip_us), 'number'],
      ['Loss', one => percent(one.loss_percent), 'number'],
    ],
    none: () => '',
  });
  const section = card('Links', element);
  await ready;
  return section;
}

// MARK: What was carried lately

// What was seen since a page was opened; it outlives the page, which is loaded anew when its object is changed.
let seen = {};
const keptSamples = 300;

/// Of the gateway or the peer at `address`, at first over the time `span`. `look` takes it as it is now.
export function traffic(figures, address, span = 0) {
  if (seen.address !== address) seen = { address, samples: [] };
  const chart = areaChart({ label: 'Throughput', format: rate, ...sampled(seen.samples) });
  const greetings = areaChart({ label: 'Handshakes', format: count, times: [], series: [] });
  const dropped = h('div');
  const lower = h('div.columns', greetings, h('div', h('h3', 'Packets that went no further'), dropped));
  const notice = h('div');
  const since = h('p.hint');

  async function read() {
    const [seconds, , step] = spans.find(([seconds]) => seconds === span);
    // Asked for also where it is not shown: of a peer the server remembers only what is looked at.
    const history = await api.get(`${address}/traffic`, { since: `${seconds || 900}s`, step });
    if (seconds !== span) return;
    lower.hidden = !seconds;
    if (!seconds) { chart.update(sampled(seen.samples)); fill(since); return; }
    const flow = carried(history);
    chart.update(flow);
    greetings.update({ times: flow.times, series: [{ name: 'Handshakes', kind: 1, values: history.handshakes }] });
    fill(dropped, drops(history.drops));
    fill(since, now() - Date.parse(history.known_since) < seconds * 1000 && ['Known since ', time(history.known_since), '.']);
  }

  const choices = toggles(spans, async seconds => { choices.press(span = seconds); await read(); });
  choices.press(span);
  figures(() => read().then(() => fill(notice), problem => { if (problem.status) fill(notice, banner('info', problemText(problem))); }), 10);
  return {
    element: card({ title: 'Throughput', actions: choices.buttons }, notice, chart, since, lower),
    look({ rx_bytes: received, tx_bytes: sent }) {
      const at = Date.now();
      if (at - seen.samples.at(-1)?.[0] < 500) return;
      seen.samples.push([at, received, sent]);
      // Of what is long ago every second one is enough.
      if (seen.samples.length > keptSamples) seen.samples = seen.samples.filter((_, i, { length }) => i % 2 === 0 || i > length / 2);
      if (!span) chart.update(sampled(seen.samples));
    },
  };
}

/// The reasons by which packets were dropped in the time that is shown, the most frequent first.
function drops(list) {
  const total = counts => counts.reduce((sum, value) => sum + (value ?? 0), 0);
  const rows = list.map(({ reason, counts }) => ({ reason, total: total(counts) })).filter(one => one.total).sort((a, b) => b.total - a.total);
  return table([
    ['Reason', ({ reason }) => reason.replaceAll('_', ' ')],
    ['Packets', one => count(one.total), 'number'],
  ], rows, null, h('p.muted', 'None in this time.'));
}
