// The networks, and one network with its gateways, its peers and its way out.

import { api, idempotencyKey } from '../api.js';
import { go } from '../app.js';
import { h } from '../dom.js';
import { counted, nameOf, sentence, time } from '../format.js';
import { listPage, listing, when } from '../listing.js';
import { button, card, confirmName, empty, facts, field, formDialog, header, line, nameField, toast } from '../ui.js';
import { gatewayBadge, gatewayColumns, newGateway } from './gateways.js';

const path = '/v2/networks';

export default async function networks(context) {
  const make = context.can('member') && button('New network', { kind: 'primary', onclick: newNetwork });
  return listPage(context, {
    title: 'Networks', subtitle: 'Private spaces of addresses. Two networks never see each other’s packets.', make,
    path, words: ['network', 'networks'], search: 'filter[name][contains]', changedBy: ['network'],
    columns: [
      { title: 'Network', cell: (one) => h('a', { href: `/networks/${one.id}` }, h('bdi', one.name)) },
      { title: 'Addresses', cell: (one) => h('code', one.address_block) },
      { title: 'Peers', cell: (one) => h('a', { href: `/peers?network=${one.id}`, 'aria-label': `Peers of ${one.name}` }, 'Show them') },
      when('Made', 'created_at'),
    ],
    none: () => empty('There are no networks yet', 'A network is a private space of addresses: its peers reach each other, and no other network sees them.',
      context.can('member') && h('a', { class: 'button primary', href: '/start' }, 'Set up the first one')),
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
