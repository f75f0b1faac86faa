// First run: a network, a gateway and a first peer, made by the page itself, and a line that turns green when the peer's first
// handshake and first echo arrive. It asks only where there is something to choose.
//
// What is being made is remembered in this tab with an idempotency key: a page that is loaded again sends the same request and
// gets the first answer again, private key included. What is remembered is not secret.

import { arrival, connection, visitorSystem } from '../connect.js';
import { gatewayRegions } from './gateways.js';
import { actsFor, api, button, failing, field, fill, form, h, header, idempotencyKey, kinds, nameOf, pause, Problem, select, sentence } from '../ui.js';

export default function start(context) {
  const steps = [
    step('Network', 'A private space of addresses. Its peers reach each other, and no other network sees them.'),
    step('Gateway', 'The server’s end of the tunnels, where devices connect to.'),
    step('First peer', 'A device with a key pair and an address of its own.'),
  ];
  const run = async () => {
    try {
      const { peer, gateway } = await settle(steps, context);
      const line = arrival(peer, gateway, next);
      steps[2].begin(line.element);
      context.figures(line.look, 1);
    } catch (problem) {
      if (context.signal.aborted) return;
      const failed = steps.find(one => !one.done);
      failed.show('failed');
      failing(failed.detail, run)(problem);
    }
  };
  if (actsFor()) steps[0].show('asking', h('p', 'You act for another organization, so nothing is made before you say so.'), button('Begin', run));
  else run();
  return {
    title: 'First steps',
    element: h('div.start',
      header('First steps', { subtitle: 'These steps run by themselves, to the first device in a private network.' }),
      h('ol.rail', steps.map(one => one.element))),
  };
}

/// Goes through the steps. Each takes what there is and makes only what is missing.
async function settle(steps, context) {
  const [first, second, third] = steps;
  for (const one of steps) one.show('waiting');
  let peer = memory().wireguard_peer ? await make('wireguard_peer') : null;
  let gateway = peer && await api.get(`wireguard_interfaces/${peer.wireguard_interface_id}`);
  const network = gateway ? await api.get(`networks/${gateway.network_id}`) : await findNetwork(first, context);
  first.show('done', h('p', h('a', { href: `/networks/${network.id}` }, network.name), ' has the addresses ',
    h('code', network.address_block), '.'));

  gateway = await inService(second, gateway ?? await findGateway(second, network, context), context);
  second.show('done', h('p', h('a', { href: `/gateways/${gateway.id}` }, nameOf(gateway)), ' listens at ',
    h('code', gateway.endpoint), '. If a firewall is in front of this server, open that UDP port in it.'));

  peer ??= await findPeer(third, gateway, context);
  third.show('done', h('p', h('a', { href: `/peers/${peer.id}` }, nameOf(peer)), ' has the address ',
    h('code', peer.address), '.'), peer.config && connection(peer));
  return { peer, gateway };
}

async function findNetwork(step, context) {
  return choice(step, 'Network of the device', await found(() => making(step, context, 'network', { name: 'default' }), 'networks'));
}

async function findGateway(step, network, context) {
  const path = 'wireguard_interfaces';
  const inNetwork = { 'filter[network_id]': network.id };
  const region = (await api.all(path, inNetwork)).length ? null : await choice(step, 'Region of the gateway', await gatewayRegions());
  const make = () => making(step, context, 'wireguard_interface', { network_id: network.id, region_code: region.code, name: 'default' });
  return choice(step, 'Gateway that the device connects to', await found(make, path, inNetwork));
}

/// What a list has; where it is empty, what is made. A second tab waits, and then finds what the first has made.
async function found(make, path, query) {
  const locked = navigator.locks ? work => navigator.locks.request(storage, work) : work => work();
  return locked(async () => {
    const objects = await api.all(path, query, { most: 1 });
    return objects.length ? objects : [await make()];
  });
}

async function inService(step, gateway, context) {
  while (gateway.status !== 'provisioned') {
    step.show('working', h('p', sentence(gateway.status_reason ?? 'The gateway is going into service…')));
    await pause(300, context.signal);
    gateway = await api.get(`wireguard_interfaces/${gateway.id}`);
  }
  return gateway;
}

async function findPeer(step, gateway, context) {
  const path = 'wireguard_peers';
  const another = () => making(step, context, 'wireguard_peer', { wireguard_interface_id: gateway.id, name: `my-${visitorSystem()}` }, { include: 'config,qr' });
  const peers = await found(another, path, { 'filter[wireguard_interface_id]': gateway.id, 'page[size]': 2 });
  const [peer] = peers;
  if (peer.config || !context.can('member') || (peers.length === 1 && peer.latest_handshake_at)) return peer;
  const renewed = () => api.patch(`${path}/${peer.id}`, {}, { query: { include: 'config,qr' } });
  const work = await new Promise(resolve => {
    const option = (label, answer) => button(label, () => resolve(answer));
    step.show('asking', peers.length === 1
      ? [h('p', h('strong', nameOf(peer)), ' is there and has never connected. Its private key was shown once, when it was made.'),
        h('div.actions', option('Make new keys for it', renewed), option('Make another peer', another), option('I have its config', () => peer))]
      : [h('p', 'This gateway has ', h('a', { href: `/peers?gateway=${gateway.id}` }, 'peers'), ' already.'),
        h('div.actions', option('Make another peer', another))]);
  });
  return work();
}

/// The only one of several objects, or the one that is chosen.
function choice(step, label, objects) {
  if (objects.length === 1) return objects[0];
  return new Promise(resolve => {
    const names = objects.map((one, at) => [String(at), nameOf(one)]);
    step.show('asking', form({ submit: 'Go on', class: 'bar', onsubmit: values => resolve(objects[values.choice]) },
      field(label, select({ name: 'choice' }, names))));
  });
}

function making(step, context, kind, ...request) {
  const [noun] = kinds[kind];
  if (!context.can('member')) {
    throw new Problem(403, [{ title: `A viewer cannot make a ${noun}. Ask a member or an owner of the organization to do it.` }]);
  }
  step.show('working', h('p', `Making the ${noun}…`));
  return make(kind, ...request);
}

// What is remembered of each kind: the request with its idempotency key, and when it was first sent.
const storage = 'wgw-first-run';
const memoryEnds = 23 * 3600_000; // milliseconds: the server keeps answers for 24 hours, and would then make another object

function memory() {
  const all = JSON.parse(sessionStorage.getItem(storage) ?? '{}');
  return Object.fromEntries(Object.entries(all).filter(([, one]) => Date.now() - one.at < memoryEnds));
}

function remember(kind, request) {
  sessionStorage.setItem(storage, JSON.stringify({ ...memory(), [kind]: request }));
}

/// Sends the remembered request of a kind, or else the given one. What it made may have been deleted since, or have other keys,
/// and the answer may be another caller's.
async function make(kind, body, query) {
  const remembered = memory()[kind];
  const request = remembered ?? { body, query, key: idempotencyKey(), at: Date.now() };
  remember(kind, request);
  try {
    const made = await api.post(`${kind}s`, request.body, { query: request.query, key: request.key });
    const now = await api.get(`${kind}s/${made.id}`);
    return made.public_key === now.public_key ? { ...made, ...now } : now;
  } catch (problem) {
    if (!problem.status) throw problem;
    if (problem.errors[0].code === '10036') { await pause(500); return make(kind, body, query); } // The page before this one has just sent it.
    remember(kind, undefined);
    if (!remembered) throw problem;
    return body ? make(kind, body, query) : null;
  }
}

function step(title, text) {
  const detail = h('div.step');
  const word = h('span.hidden');
  const element = h('li', h('div', h('h2', title, word), h('p.hint', text), detail));
  const words = { waiting: ' (not yet)', working: ' (working)', asking: ' (your choice)', failed: ' (failed)', done: ' (done)' };
  return {
    element,
    detail,
    done: false,
    show(state, ...content) {
      element.className = state;
      this.done = state === 'done';
      fill(word, words[state]);
      fill(detail, content);
    },
    /// Puts what is to be watched over what is longer than the screen, where it stays in view.
    begin(line) { detail.firstChild.after(line); },
  };
}

function next() {
  return h('p.actions',
    h('a.button.primary', { href: '/' }, 'See the whole network'),
    h('a.button', { href: '/peers' }, 'Make more peers'),
    h('a.button', { href: '/explain' }, 'Check a path between two peers'));
}
