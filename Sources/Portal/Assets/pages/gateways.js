// The gateways, and one gateway: whether it is in service, who is connected, what it carries and what it drops.

import { api, idempotencyKey } from '../api.js';
import { go } from '../app.js';
import { areaChart, carried, sparkline } from '../chart.js';
import { fill, h, renew } from '../dom.js';
import { bytes, count, counted, gatewayStatuses, nameOf, rate, sentence, time } from '../format.js';
import { listPage, when } from '../listing.js';
import { badge, banner, button, card, confirmName, empty, facts, field, figure, formDialog, header, line, nameField, problemText, select, table, toast } from '../ui.js';

const path = '/v2/wireguard_interfaces';

export const gatewayBadge = ({ status }) => badge(gatewayStatuses[status]?.kind ?? 'off', gatewayStatuses[status]?.text ?? status);

/// The columns of a list of gateways; a network's own page does not say which network.
export const gatewayColumns = (networkName) => [
  ['Gateway', (one) => h('a', { href: `/gateways/${one.id}` }, h('bdi', nameOf(one)))],
  networkName && ['Network', (one) => h('a', { href: `/networks/${one.network_id}` }, h('bdi', networkName(one.network_id)))],
  ['State', (one) => [gatewayBadge(one), one.status_reason && h('p', { class: 'hint' }, sentence(one.status_reason))]],
  ['Region', (one) => one.region?.name ?? one.region_code, 'minor'],
  ['Endpoint', (one) => h('code', one.endpoint), 'minor'],
  ['Connected', (one) => `${count(one.connected_peers_count)} of ${count(one.peers_count)}`, 'number'],
  when('Last handshake', 'latest_handshake_at', 'minor'),
  ['Received', (one) => rate(one.rx_bytes_per_second), 'number'],
  ['Sent', (one) => rate(one.tx_bytes_per_second), 'number'],
  ['Free addresses', (one) => count(one.free_addresses_count), 'number minor'],
];

export default async function gateways(context) {
  const networks = await api.all('/v2/networks', {}, { signal: context.signal });
  const names = new Map(networks.map((one) => [one.id, one.name]));
  const make = context.can('member') ? () => (networks.length
    ? button('New gateway', { kind: 'primary', onclick: () => newGateway(networks) })
    : h('a', { class: 'button primary', href: '/start' }, 'Set up the first one')) : null;
  return listPage(context, {
    title: 'Gateways', subtitle: 'Where the peers of a network connect to.', make,
    path, words: ['gateway', 'gateways'], search: 'filter[name][contains]', seconds: 5, changedBy: ['wireguard_interface', 'network'],
    choices: [
      networks.length > 1 && { name: 'network', all: 'All networks', filter: 'filter[network_id]', options: networks.map((one) => ({ value: one.id, text: one.name })) },
      { name: 'status', all: 'All states', filter: 'filter[status]', options: Object.entries(gatewayStatuses).map(([value, { text }]) => ({ value, text })) },
    ].filter(Boolean),
    columns: gatewayColumns((id) => names.get(id) ?? id),
    none: ['There are no gateways yet', 'A gateway is the server’s end of the tunnels of one network: peers connect to its address and UDP port.'],
  });
}

/// Asks for what has to be chosen; the rest has defaults and is behind a fold.
export async function newGateway(networks) {
  const regions = (await api.get('/v2/regions')).filter((one) => one.supported_interfaces.includes('wireguard_interface'));
  const key = idempotencyKey();
  const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  formDialog('New gateway', {
    submit: 'Make the gateway',
    async send(values) { go(`/gateways/${(await api.post(path, { network_id: networks[0].id, region_code: regions[0]?.code, ...given(values) }, { key })).id}`); },
  },
    nameField('', 'What you call it by. It can be changed.'),
    networks.length > 1 && field('Network', select({ name: 'network_id' }, networks.map((one) => ({ value: one.id, text: one.name })))),
    regions.length > 1 && field('Region', select({ name: 'region_code' }, regions.map((one) => ({ value: one.code, text: one.name })))),
    h('details', h('summary', 'More settings'), h('div', { class: 'stack' },
      field('Tunnel subnet', h('input', { name: 'subnet', autocomplete: 'off', spellcheck: 'false' }), { hint: 'In CIDR notation. Without one, the next free subnet of the network is taken.' }),
      tunnelFields({}))));
}

const tunnelFields = ({ mtu, persistent_keepalive: keepalive }) => [
  field('MTU', h('input', { name: 'mtu', type: 'number', inputmode: 'numeric', value: mtu ?? '' }), { hint: 'The largest packet inside the tunnel, in bytes. Empty for the server’s default.' }),
  field('Keepalive', h('input', { name: 'persistent_keepalive', type: 'number', inputmode: 'numeric', value: keepalive ?? '' }), { hint: 'Seconds between keepalives in the configs of peers, 0 for none. Empty for the server’s default.' }),
];

// MARK: One gateway

const spans = [['15 minutes', 900, 10], ['1 hour', 3600, 30], ['6 hours', 21600, 180]];

export async function gateway(context) {
  const { id } = context.params;
  let now = await api.get(`${path}/${id}`, {}, { signal: context.signal });
  const network = await api.get(`/v2/networks/${now.network_id}`, {}, { signal: context.signal });

  const actions = context.can('member') ? [
    button('Edit', { onclick: () => edit(now) }),
    button('Delete', {
      kind: 'danger',
      onclick: () => confirmName({
        title: 'Delete the gateway', name: nameOf(now), action: 'Delete the gateway',
        text: now.peers_count ? `Its ${counted(now.peers_count, 'peer')} are deleted with it, and their devices lose the connection at once. This cannot be undone.` : 'It has no peers. This cannot be undone.',
        onconfirm: () => api.delete(`${path}/${id}`),
      }),
    }),
  ] : [];
  const top = h('div');
  const draw = () => renew(top,
    header(nameOf(now), { back: { href: '/gateways', text: 'Gateways' }, status: gatewayBadge(now), subtitle: ['Gateway of ', h('bdi', network.name)], actions }),
    now.status_reason && banner(now.status === 'provisioned' ? 'warning' : 'error', sentence(now.status_reason)),
    h('div', { class: 'figures' },
      figure('Connected', h('a', { href: `/peers?gateway=${id}` }, count(now.connected_peers_count)), `of ${counted(now.peers_count, 'peer')}`),
      figure('Addresses', count(now.peers_count), `used, ${count(now.free_addresses_count)} free`),
      figure('Last handshake', time(now.latest_handshake_at)),
      figure('Received now', rate(now.rx_bytes_per_second), `${bytes(now.rx_bytes)} in all`),
      figure('Sent now', rate(now.tx_bytes_per_second), `${bytes(now.tx_bytes)} in all`)));
  draw();
  context.figures(async () => { now = await api.get(`${path}/${id}`, {}, { signal: context.signal }); draw(); });
  context.changes((events) => {
    const mine = events.filter((event) => event.type === 'reset' || event.object_id === id);
    if (mine.some((event) => event.type === 'wireguard_interface.deleted')) { toast('The gateway was deleted.'); go('/gateways', { replace: true }); } else if (mine.length) context.reload();
  });

  const element = h('div', top,
    traffic(context, `${path}/${id}/traffic`),
    card({ title: 'Details', actions: [h('a', { class: 'button', href: `/peers?gateway=${id}` }, 'Its peers'), h('a', { class: 'button', href: `/events?object=${id}` }, 'Its events')] }, facts(
      ['Network', h('a', { href: `/networks/${network.id}` }, h('bdi', network.name))],
      ['Region', now.region?.name ?? now.region_code],
      ['Endpoint', line(now.endpoint, 'endpoint')],
      ['Public key', line(now.public_key, 'public key')],
      ['Tunnel address', line(now.server_ip_address.split('/')[0], 'tunnel address')],
      ['Tunnel subnet', h('code', now.subnet)],
      ['MTU', `${now.mtu} bytes`],
      ['Keepalive', now.persistent_keepalive === null ? 'the server’s default' : now.persistent_keepalive === 0 ? 'none' : `every ${now.persistent_keepalive} seconds`],
      ['Made', time(now.created_at)], ['Changed', time(now.updated_at)])));
  return { title: nameOf(now), element };
}

const edit = (gateway) => formDialog('Edit the gateway', {
  submit: 'Save',
  async send(values) {
    const changes = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== gateway[name]));
    if (Object.keys(changes).length) await api.patch(`${path}/${gateway.id}`, changes);
  },
},
  nameField(gateway.name ?? ''), tunnelFields(gateway),
  h('p', { class: 'hint' }, 'Peers stay connected. With another MTU or keepalive their configs are outdated until their devices fetch them anew.'));

// MARK: What it carried lately

function traffic(context, address) {
  const chart = h('div');
  const lower = h('div', { class: 'columns' });
  const since = h('p', { class: 'hint' });
  let span = spans[0];
  let charts = null;

  async function read() {
    const [, seconds, step] = span;
    const history = await api.get(address, { since: `${seconds}s`, step }, { signal: context.signal });
    const flow = carried(history);
    const greeted = { times: flow.times, series: [{ name: 'Handshakes', kind: 1, values: history.handshakes }] };
    if (charts) {
      charts[0].update(flow);
      charts[1].update(greeted);
    } else {
      charts = [areaChart({ label: 'Throughput', format: rate, ...flow }), areaChart({ label: 'Handshakes', format: count, ...greeted })];
      fill(chart, charts[0]);
    }
    fill(lower, h('div', h('h3', 'Handshakes'), charts[1]), h('div', h('h3', 'Packets that went no further'), drops(history.drops)));
    fill(since, Date.parse(history.known_since) > Date.parse(history.since) && ['Known since ', time(history.known_since), ', when the server was started.']);
  }

  const choices = spans.map((one) => button(one[0], { kind: 'small', onclick: async () => { span = one; press(); await read(); } }));
  const press = () => choices.forEach((choice, at) => choice.setAttribute('aria-pressed', String(spans[at] === span)));
  press();
  context.figures(() => read().catch((problem) => { if (problem.status) fill(chart, banner('info', problemText(problem))); }), 10);
  return card({ title: 'Throughput', actions: choices }, chart, since, lower);
}

/// The reasons by which packets were dropped in the time that is shown, the most frequent first.
function drops(list) {
  const total = (counts) => counts.reduce((sum, value) => sum + (value ?? 0), 0);
  const rows = list.map(({ reason, counts }) => ({ reason, counts, total: total(counts) })).filter((one) => one.total).sort((a, b) => b.total - a.total);
  return table([
    ['Reason', ({ reason }) => reason.replaceAll('_', ' ')],
    ['Over time', ({ reason, counts }) => sparkline(counts, { label: `${reason.replaceAll('_', ' ')} over time` })],
    ['Packets', (one) => count(one.total), 'number'],
  ], rows, { caption: 'Packets that went no further', empty: h('p', { class: 'muted' }, 'None in this time.') });
}
