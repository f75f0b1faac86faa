// The networks, one network with its gateways, its peers and its way out, and what becomes of a packet in it: whether it arrives, by
// which way, and why.

import { api, idempotencyKey } from '../api.js';
import { go } from '../app.js';
import { fill, freshID, h } from '../dom.js';
import { counted, nameOf, sentence, time } from '../format.js';
import { listing, listPage, when } from '../listing.js';
import { badge, button, card, confirmName, empty, facts, field, form, formDialog, header, line, nameField, select, toast } from '../ui.js';
import { gatewayBadge, gatewayColumns, newGateway } from './gateways.js';

const path = '/v2/networks';

export default async function networks(context) {
  const make = context.can('member') ? () => button('New network', { kind: 'primary', onclick: newNetwork }) : null;
  return listPage(context, {
    title: 'Networks', subtitle: 'Private spaces of addresses. Two networks never see each other’s packets.', make,
    path, words: ['network', 'networks'], search: 'filter[name][contains]', changedBy: ['network'],
    columns: [
      ['Network', (one) => h('a', { href: `/networks/${one.id}` }, h('bdi', one.name))],
      ['Addresses', (one) => h('code', one.address_block)],
      ['Peers', (one) => h('a', { href: `/peers?network=${one.id}`, 'aria-label': `Peers of ${one.name}` }, 'Show them')],
      when('Made', 'created_at'),
    ],
    none: ['There are no networks yet', 'A network is a private space of addresses: its peers reach each other, and no other network sees them.'],
  });
}

function newNetwork() {
  const key = idempotencyKey();
  formDialog('New network', {
    submit: 'Make the network',
    async send({ name, address_block: block }) { go(`/networks/${(await api.post(path, { name: name ?? '', ...(block && { address_block: block }) }, { key })).id}`); },
  },
    nameField('', 'What you call it by. It can be changed.'),
    field('Addresses', h('input', { name: 'address_block', autocomplete: 'off', spellcheck: 'false' }), { hint: 'The block that subnets of gateways are taken from, like 10.20.0.0/16. Empty for the server’s default. It cannot be changed.' }));
}

export async function network(context) {
  const { id } = context.params;
  const [now, interfaces, ways] = await Promise.all([
    api.get(`${path}/${id}`, {}, { signal: context.signal }),
    api.all(`${path}/${id}/network_interfaces`, {}, { signal: context.signal }),
    wayOut(id, context.signal),
  ]);
  const mayChange = context.can('member');
  const gateways = listing(context, {
    path: '/v2/wireguard_interfaces', fixed: { 'filter[network_id]': id }, words: ['gateway', 'gateways'], seconds: 5, changedBy: ['wireguard_interface'],
    columns: gatewayColumns(),
    none: () => empty('It has no gateway yet', 'Peers connect to a gateway of their network.', mayChange && button('Make one', { kind: 'primary', onclick: () => newGateway([now]) })),
  });
  context.changes((events) => {
    const mine = events.filter((event) => event.type === 'reset' || event.object_id === id || (event.network_id === id && /^(default_gateway|public_internet_gateway)$/.test(event.object_type)));
    if (mine.some((event) => event.type === 'network.deleted')) { toast('The network was deleted.'); go('/networks', { replace: true }); } else if (mine.length) context.reload();
  });
  const actions = mayChange && [
    button('Rename', { onclick: () => rename(now) }),
    button('Delete', {
      kind: 'danger',
      onclick: () => confirmName({
        title: 'Delete the network', name: now.name, action: 'Delete the network',
        text: interfaces.length ? `It has ${counted(interfaces.length, 'gateway')}, which have to be deleted first.` : 'It has no gateways. This cannot be undone.',
        onconfirm: () => api.delete(`${path}/${id}`),
      }),
    }),
  ];
  await gateways.ready;
  return {
    title: now.name,
    element: h('div',
      header(now.name, { back: { href: '/networks', text: 'Networks' }, actions: actions || [] }),
      card({ title: 'Details', actions: [h('a', { class: 'button', href: `/peers?network=${id}` }, 'Its peers'), h('a', { class: 'button', href: `/explain?network=${id}` }, 'Explain a path'), h('a', { class: 'button', href: `/events?object=${id}` }, 'Its events')] },
        facts(['Addresses', line(now.address_block, 'addresses')], ['Way out', ways],
        ...interfaces.filter((one) => one.type !== 'wireguard_interface').map((one) => [one.type.replaceAll('_', ' '), h('bdi', nameOf(one)), ' ', gatewayBadge(one)]), ['Made', time(now.created_at)], ['Changed', time(now.updated_at)])),
      h('div', { class: 'card-head' }, h('h2', 'Gateways'), mayChange && button('New gateway', { onclick: () => newGateway([now]) })),
      gateways.element),
  };
}

/// Where traffic to other addresses than the network's goes: through a peer, or nowhere.
async function wayOut(id, signal) {
  const [gateway] = await api.get(`${path}/${id}/default_gateway`, {}, { signal });
  if (!gateway?.wireguard_peer_id) return 'none: traffic to other addresses does not leave the network';
  const peer = await api.get(`/v2/wireguard_peers/${gateway.wireguard_peer_id}`, {}, { signal });
  return ['through ', h('a', { href: `/peers/${peer.id}` }, h('bdi', nameOf(peer))), gateway.status_reason && h('p', { class: 'hint' }, sentence(gateway.status_reason))];
}

const rename = ({ id, name: old }) => formDialog('Rename the network',
  { submit: 'Save', send: ({ name }) => api.patch(`${path}/${id}`, { name: name ?? '' }) }, nameField(old));

const verdicts = {
  ok: ['ok', 'Yes, it arrives', 'Every condition is met, as far as the server can see.'],
  failed: ['error', 'No, it does not arrive', 'The conditions below that are not met say why, and what to do.'],
  unknown: ['warning', 'It may arrive', 'No condition fails, but the server cannot see all of them.'],
};
const outcomes = { ok: ['ok', 'Met'], failed: ['error', 'Not met'], unknown: ['warning', 'Not known'] };
const titles = {
  source_config: 'The sender’s config leads there', source_session: 'The sender is connected',
  source_gateway: 'The sender’s gateway is in service', source_check: 'The sender may use its address',
  route: 'The gateway knows the way', mtu: 'The packet fits', target_gateway: 'The receiver’s gateway is in service',
  target_endpoint: 'The gateway knows where the receiver is', target_session: 'The receiver is connected',
};
/// Which conditions make each piece of the way.
const pieces = {
  sending: ['source_config', 'source_session', 'source_check'],
  gateway: ['source_gateway', 'route', 'mtu', 'target_gateway'],
  receiving: ['target_endpoint', 'target_session'],
};

// MARK: Explanation

export async function explain(context) {
  const networks = await api.all('/v2/networks');
  const title = 'Explain a path';
  if (!networks.length) {
    return { title, element: h('div', header(title), empty('There is no network yet', 'A path leads from one peer of a network to another.',
      h('a', { class: 'button primary', href: '/start' }, 'Make a network'))) };
  }
  const network = select({ name: 'network' }, networks.map((one) => ({ value: one.id, text: one.name })), context.query.get('network') ?? networks[0].id);
  const [from, to] = ['from', 'to'].map((name) => end(name, network, context));
  const result = h('div', { 'aria-live': 'polite' });

  const ask = async () => {
    const explanation = await api.get(`/v2/networks/${network.value}/explanation`, { from: from.input.value.trim(), to: to.input.value.trim() },
      { signal: context.signal });
    fill(result, await view(explanation, { again: ask, back: explanation.to.peer_id && swap }));
  };
  const follow = (push) => context.query.set({ network: network.value, from: from.input.value.trim(), to: to.input.value.trim() }, { push });
  const question = form({ submit: 'Explain', class: 'bar', async onsubmit() { follow(false); fill(result); await ask(); } },
    networks.length > 1 && field('Network', network), field('From', from.input), field('To', to.input), from.list, to.list);
  const swap = () => {
    [from.input.value, to.input.value] = [to.input.value, from.input.value];
    question.requestSubmit();
  };
  from.input.value = context.query.get('from') ?? '';
  to.input.value = context.query.get('to') ?? '';
  if (from.input.value && to.input.value) setTimeout(() => question.requestSubmit()); // when it stands in the page
  return {
    title,
    element: h('div', { class: 'explain' },
      header(title, { subtitle: 'Does a packet from one peer reach another, or an address? The server follows it step by step, without sending anything.' }),
      card(null, question), result),
  };
}

/// A field for an end of the path, which proposes peers that fit what is typed, and the gateways of the network as targets.
function end(name, network, context) {
  const id = freshID('ends');
  const list = h('datalist', { id });
  const input = h('input', { name, list: id, autocomplete: 'off', spellcheck: 'false', required: true, placeholder: 'Name or address', oninput: propose, onfocus: propose });
  let timer = null;
  let asked = null;
  function propose() {
    clearTimeout(timer);
    timer = setTimeout(() => read().catch(() => {}), 150); // Without proposals a name or an address can still be typed.
  }
  async function read() {
    const search = input.value.trim();
    if (asked === `${network.value} ${search}`) return;
    asked = `${network.value} ${search}`;
    const inside = { 'filter[network_id]': network.value };
    const { data: peers } = await api.list('/v2/wireguard_peers', { ...inside, 'filter[search]': search, 'page[size]': 8 }, { signal: context.signal });
    const gateways = name === 'to' ? await api.all('/v2/wireguard_interfaces', inside, { signal: context.signal }) : [];
    const unique = (peer) => peer.name && peers.filter((other) => other.name === peer.name).length === 1;
    fill(list,
      peers.map((peer) => (unique(peer) ? h('option', { value: peer.name }, peer.address) : h('option', { value: peer.address }, peer.name ?? ''))),
      gateways.map((gateway) => h('option', { value: gateway.server_ip_address.split('/')[0] }, `Gateway ${nameOf(gateway)}`)));
  }
  return { input, list };
}

async function view(explanation, { again, back }) {
  const [kind, words, text] = verdicts[explanation.outcome];
  const failing = explanation.steps.filter((step) => step.outcome === 'failed');
  return [
    h('section', { class: `card marked ${kind}` },
      h('h2', badge(kind, words)),
      h('p', failing.length ? `${text} ${failing.length} of ${explanation.steps.length} conditions ${failing.length === 1 ? 'is' : 'are'} not met.` : text),
      await drawing(explanation),
      h('p', { class: 'actions' }, button('Check again', { onclick: again }), back && button('Check the way back', { onclick: back }),
        h('span', { class: 'hint' }, 'Looked at ', time(explanation.checked_at)))),
    card('Step by step', h('ol', { class: 'rail' }, explanation.steps.map((step) => h('li', { class: step.outcome },
      h('h3', titles[step.step] ?? step.step, ' ', badge(...outcomes[step.outcome])),
      h('p', sentence(step.message)),
      step.next_step && h('p', h('strong', 'What to do: '), sentence(step.next_step)))))),
  ];
}

/// The way as a line: sender, gateways, receiver, and between them whether a packet gets through.
async function drawing({ from, to, steps }) {
  const worst = (names) => ['failed', 'unknown'].find((outcome) => steps.some((step) => names.includes(step.step) && step.outcome === outcome)) ?? 'ok';
  const ways = await Promise.all([from, to].map(({ peer_id: id }) => id && gatewayOf(id)));
  const gateways = ways.filter((one, at) => one && ways.findIndex((other) => other?.id === one.id) === at);
  const place = (name, note, href) => h('li', { class: 'place' }, h('strong', href ? h('a', { href }, h('bdi', name)) : h('bdi', name)), h('span', { class: 'hint' }, note));
  const leg = (outcome) => h('li', { class: `leg ${outcome}` }, badge(...{ ok: ['ok', 'gets through'], failed: ['error', 'stops'], unknown: ['warning', 'not known'] }[outcome]));
  const peer = (end) => place(end.name ?? end.address, end.name ? end.address : gateways.some((one) => one.server_ip_address.startsWith(`${end.address}/`)) ? 'the gateway itself' : 'address', end.peer_id && `/peers/${end.peer_id}`);
  return h('ol', { class: 'way', 'aria-label': 'The way of the packet' },
    peer(from), leg(worst(pieces.sending)),
    gateways.flatMap((gateway, at) => [at > 0 && leg(worst(pieces.gateway)), place(nameOf(gateway), gateway.endpoint, `/gateways/${gateway.id}`)]),
    leg(worst([...pieces.receiving, ...(gateways.length < 2 ? pieces.gateway : [])])), peer(to));
}

async function gatewayOf(peerID) {
  try {
    return await api.get(`/v2/wireguard_interfaces/${(await api.get(`/v2/wireguard_peers/${peerID}`)).wireguard_interface_id}`);
  } catch {
    return null;
  }
}
