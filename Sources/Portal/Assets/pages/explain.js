// What becomes of a packet from one peer to another peer or address: whether it arrives, by which way, and why.

import { api } from '../api.js';
import { fill, freshID, h } from '../dom.js';
import { nameOf, sentence, time } from '../format.js';
import { badge, button, card, empty, field, form, header, select } from '../ui.js';

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

export default async function explain(context) {
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
  const peer = (end) => place(end.name ?? end.address, end.name ? end.address : end.peer_id ? 'peer' : 'address', end.peer_id && `/peers/${end.peer_id}`);
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
