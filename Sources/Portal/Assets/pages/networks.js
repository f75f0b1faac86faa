// The networks, one network with its gateways, its peers and its way out, and what becomes of a packet in it: whether it arrives, by
// which way, and why.

import { go } from '../app.js';
import { listing, listPage, when, whileThere } from '../listing.js';
import { api, badge, button, card, confirm, counted, delayed, deleteButton, edit, empty, facts, field, fill, form, formDialog, freshID, h, input, kinds, line, linkTo, nameField, nameOf, page, pairs, placeOf, refuse, select, sentence, strong, table, time } from '../ui.js';
import { gatewayColumns, gatewayState, its, linksCard, newGateway } from './gateways.js';

export default async function networks(context) {
  return listPage(context, {
    subtitle: 'Private spaces of addresses. Two networks never see each other’s packets.',
    make: ['member', newNetwork],
    kind: 'network', search: 'filter[name][contains]',
    columns: [
      ['Network', one => linkTo('/networks', one)],
      ['Addresses', one => h('code', one.address_block)],
      ['Peers', one => h('a', { href: `/peers?network=${one.id}`, label: `Show the peers of ${one.name}` }, 'Show')],
      when('Made', 'created_at'),
    ],
    none: 'Peers of a network reach each other, and no other network sees them.',
  });
}

const newNetwork = () => edit('network', { made: ({ id }) => go(`/networks/${id}`) },
  nameField('', 'What you call it by.'),
  field('Addresses', input('address_block'), 'The block that subnets of gateways are taken from, like 10.20.0.0/16. Empty for the server’s default. It cannot be changed.'));

export async function network(context) {
  const { id } = context.params;
  const [now, interfaces, ways] = await Promise.all([
    api.get(`networks/${id}`),
    api.all(`networks/${id}/network_interfaces`),
    wayOut(id, context),
  ]);
  const mayChange = context.can('member');
  const gateways = listing(context, {
    kind: 'wireguard_interface', fixed: { 'filter[network_id]': id }, seconds: 5,
    columns: gatewayColumns(),
    none: () => empty('It has no gateway yet', 'Peers connect to a gateway of their network.', mayChange && button('Make one', () => newGateway([now], context), 'primary')),
  });
  whileThere(context, 'network', event => event.network_id === id && /^(default|public_internet)_gateway$/.test(event.object_type));
  const actions = mayChange && [
    button('Edit', () => edit('network', { object: now }, nameField(now.name))),
    deleteButton('network', now, interfaces.length ? `It has ${counted(interfaces.length, 'gateway')}, which have to be deleted first.` : 'It has no gateways.'),
  ];
  const table = routes(context, id);
  const [links] = await Promise.all([linksCard(context, { network: id }), gateways.ready, table.ready]);
  return page(now.name, { back: ['/networks', 'Networks'], actions },
      card({ title: 'Details', actions: [its('network', id), h('a.button', { href: `/explain?network=${id}` }, 'Explain a path')] },
        facts(['Addresses', line(now.address_block, 'addresses')], ['Made', time(now.created_at)], ['Changed', time(now.updated_at)])),
      h('div.card-head', h('h2', 'Gateways'), mayChange && button('New gateway', () => newGateway([now], context))),
      gateways.element, links,
      h('div.card-head', h('h2', 'Routes'), mayChange && button('New static route', () => newRoute(id))), table.element, ways);
}

/// Takes away what is made anew as easily.
const take = (noun, name, text, path) => button('Delete', () => confirm({
  title: `Delete the ${noun}`, text, onconfirm: () => api.delete(path),
}), 'small danger', { label: `Delete the ${noun} ${name}` });

// MARK: Routes

/// The effective table: the longest prefix wins.
function routes(context, id) {
  const hops = new Map();
  return listing(context, {
    kind: 'network_route', fixed: { 'filter[network_id]': id }, noun: 'route',
    changedBy: ['wireguard_interface', 'wireguard_peer', 'default_gateway', 'public_internet_gateway'],
    before: list => Promise.all(list.map(async ({ next_hop: hop }) => {
      if (!hops.has(hop.id)) hops.set(hop.id, await api.get(`${hop.type}s/${hop.id}`).catch(() => hop));
    })),
    columns: [
      ['To', one => h('code', one.cidr)],
      ['Through', ({ next_hop: hop }) => [kinds[hop.type]?.[0], ' ', h(placeOf(hop.type, hop.id) ? 'a' : 'span', { href: placeOf(hop.type, hop.id) }, h('bdi', nameOf(hops.get(hop.id))))]],
      ['Why', ({ origin, cidr, next_hop: hop }) => (origin === 'static' ? 'Network behind the peer' : hop.type === 'wireguard_interface' ? 'Its tunnel subnet' : cidr === '0.0.0.0/0' ? 'Way out' : 'Its address')],
      ['State', one => (one.status === 'active' ? badge('ok', 'In use') : badge('off', 'Not in use'))],
      context.can('member') && ['', one => one.origin === 'static' && take('route', one.cidr, [h('code', one.cidr), ' is not behind ', strong(nameOf(hops.get(one.next_hop.id))), ' any more.'], `network_routes/${one.id}`)],
    ],
    none: () => empty('There are no routes yet', 'The first gateway brings the first route.'),
  });
}

function newRoute(id) {
  const { input: peer, list } = end('next_hop', { value: id });
  edit('network_route', {
    noun: 'static route',
    read: async ({ cidr, next_hop: name }) => ({ network_id: id, cidr, next_hop: { type: 'wireguard_peer', id: (await peerNamed(id, name ?? '', 'next_hop')).id } }),
  },
    field('To', input('cidr'), 'The network behind a peer, such as 192.168.10.0/24.'),
    field('Through the peer', peer, 'A device of that network, which forwards to it. The other peers’ configs lead there from then on.'), list);
}

// MARK: Way out

/// What leaves the network: through a peer, or through internet gateways, of which it has one in a region.
async function wayOut(id, context) {
  const path = `networks/${id}/default_gateway`;
  const [[gateway], internet, regions] = await Promise.all([
    api.get(path), api.all('public_internet_gateways', { 'filter[network_id]': id }), api.get('regions'),
  ]);
  const peer = gateway?.wireguard_peer_id && await api.get(`wireguard_peers/${gateway.wireguard_peer_id}`);
  const mayChange = context.can('member');
  const choose = () => {
    const { input, list } = end('wireguard_peer_id', { value: id });
    formDialog('Default gateway', {
      submit: 'Save',
      async send({ wireguard_peer_id: name }) {
        await api.put(path, { wireguard_peer_id: (await peerNamed(id, name ?? '', 'wireguard_peer_id')).id });
      },
    }, field('Peer', input, 'What the network’s own gateways do not know is sent to this peer, which has to forward it.'), list);
  };
  return card({
    title: 'Way out', actions: mayChange && [
      button(peer ? 'Change the default gateway' : 'Set a default gateway', choose),
      peer && take('default gateway', nameOf(peer), ['Nothing is sent to ', strong(nameOf(peer)), ' any more that is for other addresses than its own.'], path),
      button('New internet gateway', () => edit('public_internet_gateway', { read: values => ({ network_id: id, region_code: regions[0]?.code, ...values }) }, nameField(), regions.length > 1 && field('Region', select({ name: 'region_code' }, pairs(regions))))),
    ],
  },
  h('p', peer ? ['What is for other addresses goes through ', linkTo('/peers', peer), internet.length > 0 && ', but for regions with an internet gateway: from there it goes to the internet directly', '.']
    : internet.length ? 'What is for the internet goes there directly from regions with an internet gateway.' : 'Traffic to other addresses does not leave the network.'),
  peer && gateway.status_reason && h('p.hint', sentence(gateway.status_reason)),
  internet.length > 0 && table([
    ['Internet gateway', one => h('bdi', nameOf(one))],
    ['State', one => gatewayState(one)],
    ['Region', one => one.region.name],
    ['Address', one => h('code', one.public_ip)],
    when('Made', 'created_at', 'minor'),
    mayChange && ['', one => take('internet gateway', nameOf(one), 'Its network does not reach the internet through it any more.', `public_internet_gateways/${one.id}`)],
  ], internet, 'Internet gateways'));
}

/// The one peer of a network that has this name or address, which stands in this field.
async function peerNamed(network, text, member) {
  const { data } = await api.list('wireguard_peers', { 'filter[network_id]': network, 'filter[search]': text });
  const found = data.filter(peer => peer.name === text || peer.address === text);
  if (found.length === 1) return found[0];
  return refuse(found.length ? 'Several peers have this name. Give the address.' : 'No peer of this network has this name or address.', member);
}

const verdicts = {
  ok: ['ok', 'Yes, it arrives', 'Every condition is met, as far as the server can see.'],
  failed: ['error', 'No, it does not arrive', 'The conditions below that are not met say why, and what to do.'],
  unknown: ['warning', 'It may arrive', 'No condition fails, but the server cannot see all of them.'],
};
const outcomes = { ok: ['ok', 'Met', 'gets through'], failed: ['error', 'Not met', 'stops'], unknown: ['warning', 'Not known', 'not known'] };
/// Which conditions make each piece of the way.
const pieces = {
  sending: ['source_config', 'source_session', 'source_check', 'source_limits'],
  gateway: ['source_gateway', 'route', 'way_out', 'mtu', 'target_gateway'],
  receiving: ['target_endpoint', 'target_session', 'target_limits', 'target_config'],
};

// MARK: Explanation

export async function explain(context) {
  const networks = await api.all('networks');
  const title = 'Explain a path';
  if (!networks.length) {
    return page(title, {}, empty('There is no network yet', 'A path leads from one peer of a network to another.',
      h('a.button.primary', { href: '/start' }, 'Make a network')));
  }
  const network = select({ name: 'network' }, pairs(networks), context.query.get('network') ?? networks[0].id);
  const [from, to] = ['from', 'to'].map(name => end(name, network));
  const result = h('div', { 'aria-live': 'polite' });

  const ask = async () => {
    const explanation = await api.get(`networks/${network.value}/explanation`, { from: from.input.value.trim(), to: to.input.value.trim() });
    fill(result, await view(explanation, { again: ask, back: explanation.to.peer_id && swap }));
  };
  const follow = push => context.query.set({ network: network.value, from: from.input.value.trim(), to: to.input.value.trim() }, { push });
  const question = form({ submit: 'Explain', class: 'bar', async onsubmit() { follow(false); fill(result); await ask(); } },
    networks.length > 1 && field('Network', network), field('From', from.input), field('To', to.input), from.list, to.list);
  const swap = () => {
    [from.input.value, to.input.value] = [to.input.value, from.input.value];
    question.requestSubmit();
  };
  from.input.value = context.query.get('from') ?? '';
  to.input.value = context.query.get('to') ?? '';
  if (from.input.value && to.input.value) setTimeout(() => question.requestSubmit()); // when it stands in the page
  return page(title, { subtitle: 'Whether a packet from a peer arrives, and by which way. The server follows it step by step and sends nothing.' },
    card(null, question), result);
}

/// A field for an end of the path, which proposes peers that fit what is typed, and the gateways of the network as targets.
function end(name, network) {
  const id = freshID('ends');
  const list = h('datalist', { id });
  const propose = delayed(() => read().catch(() => {})); // Without proposals a name or an address can still be typed.
  const input = h('input', { name, list: id, autocomplete: 'off', spellcheck: 'false', required: true, placeholder: 'Name or address', oninput: propose, onfocus: propose });
  let asked = null;
  async function read() {
    const search = input.value.trim();
    if (asked === `${network.value} ${search}`) return;
    asked = `${network.value} ${search}`;
    const inside = { 'filter[network_id]': network.value };
    const { data: peers } = await api.list('wireguard_peers', { ...inside, 'filter[search]': search, 'page[size]': 8 });
    const gateways = name === 'to' ? await api.all('wireguard_interfaces', inside) : [];
    const unique = peer => peer.name && peers.filter(other => other.name === peer.name).length === 1;
    fill(list,
      peers.map(peer => (unique(peer) ? h('option', { value: peer.name }, peer.address) : h('option', { value: peer.address }, peer.name ?? ''))),
      gateways.map(gateway => h('option', { value: gateway.server_ip_address.split('/')[0] }, `Gateway ${nameOf(gateway)}`)));
  }
  return { input, list };
}

async function view(explanation, { again, back }) {
  const [kind, words, text] = verdicts[explanation.outcome];
  return [
    h('section', { class: `card marked ${kind}` },
      h('h2', badge(kind, words)),
      h('p', text),
      await drawing(explanation),
      h('p.actions', button('Check again', again), back && button('Check the way back', back),
        h('span.hint', 'Looked at ', time(explanation.checked_at)))),
    card('Step by step', h('ol.rail', explanation.steps.map(step => h('li', { class: step.outcome },
      h('h3', h('span', sentence(step.message)), badge(...outcomes[step.outcome])),
      step.next_step && h('p', h('strong', 'What to do: '), sentence(step.next_step)))))),
  ];
}

/// The way as a line: sender, gateways, receiver, and between them whether a packet gets through.
async function drawing({ from, to, steps }) {
  const worst = names => ['failed', 'unknown'].find(outcome => steps.some(step => names.includes(step.step) && step.outcome === outcome)) ?? 'ok';
  const ways = await Promise.all([from, to].map(({ peer_id: id }) => id && gatewayOf(id)));
  const gateways = ways.filter((one, at) => one && ways.findIndex(other => other?.id === one.id) === at);
  const leg = outcome => badge(outcomes[outcome][0], outcomes[outcome][2]);
  const peer = end => h('strong', end.peer_id ? linkTo('/peers', { ...end, id: end.peer_id }) : h('bdi', end.name ?? end.address));
  return h('p.way', { label: 'The way of the packet' },
    peer(from), leg(worst(pieces.sending)),
    gateways.flatMap((gateway, at) => [at > 0 && leg(worst(pieces.gateway)), h('strong', linkTo('/gateways', gateway))]),
    leg(worst([...pieces.receiving, ...(gateways.length < 2 ? pieces.gateway : [])])), peer(to));
}

async function gatewayOf(peerID) {
  try {
    return await api.get(`wireguard_interfaces/${(await api.get(`wireguard_peers/${peerID}`)).wireguard_interface_id}`);
  } catch {
    return null;
  }
}
