// One peer: how it does and what to do about it, what its device needs, and what was done to it.

import { api } from '../api.js';
import { go } from '../app.js';
import { areaChart, carried } from '../chart.js';
import { markdown, systems } from '../connect.js';
import { fill, h, renew } from '../dom.js';
import { bytes, configStates, exactly, nameOf, now, peerStatus, rate, time } from '../format.js';
import { badge, banner, button, card, code, confirm, confirmName, facts, field, findings, formDialog, header, line, menu, nameField, problemText, showOnce, table, tabs, toast } from '../ui.js';
import { makeLinks, showConnection } from './peers.js';

const formats = [['wg-quick', 'wg-quick', 'conf'], ['wg-setconf', 'wg setconf', 'conf'], ['systemd-networkd', 'systemd-networkd', 'txt'],
  ['networkmanager', 'NetworkManager', 'nmconnection'], ['mikrotik', 'MikroTik', 'rsc'], ['openwrt', 'OpenWrt', 'sh']];
const diagnosisEvery = 10_000; // milliseconds
const keptMeasurements = 300;

export default async function peerPage({ params, can, signal, changes, figures, reload }) {
  const path = `/v2/wireguard_peers/${encodeURIComponent(params.id)}`;
  const read = (more, query, options) => api.get(path + more, query, { signal, ...options });
  let peer = await read('');
  const gateway = await api.get(`/v2/wireguard_interfaces/${peer.wireguard_interface_id}`, {}, { signal });
  const mayChange = can('member');
  let deleted = false;

  // MARK: State

  const status = h('span');
  const state = h('div');
  function draw() {
    const { kind, text } = peerStatus(peer);
    const config = configStates[peer.config_state];
    renew(status, badge(kind, text));
    renew(state, facts(
      ['Address', line(peer.address, 'the address')],
      ['Gateway', h('a', { href: `/gateways/${gateway.id}` }, h('bdi', nameOf(gateway)))],
      ['Endpoint', peer.endpoint ?? 'not known yet'],
      ['Last handshake', time(peer.latest_handshake_at)],
      ['Last seen', time(peer.last_seen)],
      ['Received', bytes(peer.rx_bytes)],
      ['Sent', bytes(peer.tx_bytes)],
      ['Config', badge(config.kind, config.text)],
      ['Keepalive', keepalive(peer, gateway)],
      peer.allowed_ips.length > 0 && ['Networks behind it', peer.allowed_ips.join(', ')],
      ['Made', exactly(peer.created_at)],
      ['Public key', line(peer.public_key, 'the public key')]));
  }
  draw();

  // MARK: Traffic

  const measured = []; // { at, rx, tx } in bytes per second
  let last = null;
  const sinceOpened = areaChart(chartOf('Traffic since this page was opened', []));
  function measure() {
    const at = Date.now();
    const speed = (name) => Math.max(0, ((peer[name] - last.peer[name]) * 1000) / (at - last.at));
    if (at - (last?.at ?? at) < 500) { last ??= { at, peer }; return; }
    measured.push({ at, rx: speed('rx_bytes'), tx: speed('tx_bytes') });
    if (measured.length > keptMeasurements) measured.shift();
    sinceOpened.update(chartOf('Traffic since this page was opened', measured));
    last = { at, peer };
  }

  // MARK: Diagnosis

  const diagnosis = h('div', 'Looking…');
  let diagnosed = 0;
  async function diagnose() {
    diagnosed = Date.now();
    const found = await read('/diagnosis');
    renew(diagnosis, findings(found.findings), found.drops.length > 0 && [h('h3', 'Packets that were not forwarded'), table([
      ['Why', (drop) => drop.reason.replaceAll('_', ' ')],
      ['From', (drop) => drop.source ?? '–'],
      ['To', (drop) => drop.destination ?? '–'],
      ['Packets', (drop) => drop.count, 'number'],
      ['Last', (drop) => time(drop.last_at)],
    ], found.drops, { caption: 'Packets that were not forwarded' })]);
  }

  // MARK: Config

  const file = `${(peer.name ?? 'peer').replace(/[^\w.-]+/g, '-')}`;
  const makeConfigTabs = () => tabs('Format of the config', formats.map(([format, title, extension]) => ({
    title, content: async () => code(await read('/config', { format }, { accept: 'text/plain' }), { label: `Config for ${title}`, file: `${file}.${extension}` }),
  })));
  const makeGuideTabs = () => tabs('System of the device', Object.entries(systems).map(([os, title]) => ({
    title, content: async () => h('div', { class: 'guide' }, markdown(await read('/guide', { os }, { accept: 'text/markdown' }))),
  })));
  const config = h('div', makeConfigTabs());
  const guide = h('div');
  const guideCard = h('details', { class: 'card', ontoggle: () => { if (guideCard.open && !guide.hasChildNodes()) fill(guide, makeGuideTabs()); } }, h('summary', 'How to connect a device'), guide);

  // MARK: Links and events

  const links = h('div');
  const happened = h('ol', { class: 'happened' });
  async function drawHistory() {
    const [shares, { data: events }] = await Promise.all([
      api.all('/v2/wireguard_peer_shares', { 'filter[wireguard_peer_id]': peer.id }, { signal }),
      api.list('/v2/events', { 'filter[object_id]': peer.id, 'page[size]': 8 }, { signal }),
    ]);
    fill(links, table([
      ['Link', (share) => (share.has_private_key ? 'Complete config' : 'Config without the private key')],
      ['Made', (share) => time(share.created_at)],
      ['State', (share) => (share.used_at ? ['Used ', time(share.used_at)] : ['Ends ', time(share.expires_at)])],
      ['', (share) => mayChange && button('Revoke', { kind: 'small', onclick: async () => { await api.delete(`/v2/wireguard_peer_shares/${share.id}`); toast('The link leads to nothing now.'); } }), 'number'],
    ], shares, { caption: 'One-time links', empty: h('p', { class: 'muted' }, 'There is no one-time link. It shows the complete config once, to the first who opens it.') }));
    fill(happened, events.map(({ occurred_at: at, type, actor }) => h('li', time(at), ' ', type.replace('wireguard_', '').replace(/[._]/g, ' '),
      h('span', { class: 'muted' }, ' by ', h('bdi', actor.name ?? actor.type.replaceAll('_', ' '))))));
  }
  function share() { makeLinks(1, (link) => link(peer)); }

  /// Is asked for only here, since a peer without one is the rule.
  async function configURL() {
    const old = await read('/config_url').catch((problem) => { if (problem.status !== 404) throw problem; });
    formDialog('Config URL', {
      submit: old ? 'Make a new one' : 'Make the URL',
      async send() { showOnce('Config URL', (await api.post(`${path}/config_url`)).url, 'Who has the URL can read the config of this peer.'); },
    }, h('p', 'A device reads its config at this URL again and again, without an API key. The private key is not in it: it stays on the device.'),
    old && h('p', 'One was made ', time(old.created_at), '; a new one takes its place. ',
      button('Revoke it', { kind: 'small', onclick: async () => { await api.delete(`${path}/config_url`); toast('The config URL leads to nothing now.'); } })));
  }

  // MARK: Changes

  const edit = () => formDialog('Edit the peer', {
    submit: 'Save',
    async send({ allowed_ips: text, ...change }) {
      const networks = (text ?? '').split(/[\s,]+/).filter(Boolean);
      if (networks.join() !== peer.allowed_ips.join()) change.allowed_ips = networks;
      await api.patch(path, change);
      reload();
    },
  }, nameField(peer.name ?? ''),
  field('Keepalive in seconds', h('input', { name: 'persistent_keepalive', type: 'number', min: 0, max: 65535, value: peer.persistent_keepalive ?? '' }),
    { hint: 'Empty means that of the gateway, and 0 means none.' }),
  field('Networks behind the peer', h('textarea', { name: 'allowed_ips', rows: 3, spellcheck: 'false', value: peer.allowed_ips.join('\n') }),
    { hint: 'One on each line, such as 192.168.1.0/24. The gateway sends to them through this peer.' }));

  const rotate = () => confirm({
    title: 'New key pair', action: 'Make a new key pair', danger: true,
    text: 'The device loses its connection at once, until it has the new config. The config with the new private key is shown next, only once.',
    onconfirm: async () => showConnection(await api.patch(path, {}, { query: { include: 'config,qr' } }), gateway),
  });

  const newPresharedKey = () => confirm({
    title: 'New preshared key', action: 'Make a new preshared key', danger: true,
    text: 'The device loses its connection at once, until it has the config with the new preshared key, which the pages of this peer show to those who may change it.',
    onconfirm: async () => { await api.patch(path, { preshared_key: true }); toast('The peer has a new preshared key. Its device needs the new config.'); },
  });

  const remove = () => confirmName({
    title: 'Delete the peer', name: nameOf(peer), text: 'Its device loses the connection at once. This cannot be undone.',
    async onconfirm() {
      deleted = true;
      try { await api.delete(path); } catch (problem) { deleted = false; throw problem; }
      go('/peers', { replace: true });
    },
  });

  // MARK: Page

  const notice = h('div');
  const element = h('div',
    header(nameOf(peer), {
      status, back: { href: '/peers', text: 'Peers' }, subtitle: ['Peer of ', h('bdi', nameOf(gateway)), ' with the address ', peer.address],
      actions: mayChange && [
        button('Edit', { onclick: edit }), button('Make a one-time link', { onclick: share }),
        menu('More', button('New key pair…', { onclick: rotate }), button('New preshared key…', { onclick: newPresharedKey }), button('Delete…', { kind: 'danger', onclick: remove })),
      ],
    }),
    notice, card('Diagnosis', diagnosis),
    h('div', { class: 'columns' }, card('State', state), card('Traffic', tabs('Time', [
      { title: 'Since you opened this page', content: () => sinceOpened }, { title: 'Last hour', content: () => lastHour(read, figures) },
    ]))),
    card('Config', h('p', { class: 'muted' }, 'The private key is not in it: the server does not keep private keys. A complete config and its QR code come with a one-time link or a new key pair.'), config),
    guideCard,
    card({ title: 'Links to the config', actions: mayChange && [button('Make a one-time link', { kind: 'small', onclick: share }), button('Config URL…', { kind: 'small', onclick: configURL })] }, links),
    card({ title: 'What happened', actions: h('a', { href: `/events?object=${peer.id}` }, 'All events') }, happened));

  const say = (problem) => { if (problem.name !== 'AbortError') fill(notice, banner('error', problemText(problem))); };
  drawHistory().catch(say);

  figures(async () => {
    if (deleted) return;
    try {
      peer = await read('');
    } catch (problem) {
      if (problem.status === 404) gone();
      throw problem;
    }
    draw();
    measure();
    if (Date.now() - diagnosed >= diagnosisEvery) await diagnose();
  });

  function gone() {
    if (deleted) return;
    deleted = true;
    fill(notice, banner('warning', 'This peer was deleted meanwhile.', h('a', { class: 'button', href: '/peers' }, 'To the peers')));
  }

  changes((events) => {
    const own = events.filter(({ type, object_id: id, before, after }) => type === 'reset' || id === peer.id || (after ?? before)?.wireguard_peer_id === peer.id);
    if (!own.length || deleted) return;
    if (own.some(({ type }) => type === 'wireguard_peer.deleted')) { gone(); return; }
    const after = own.findLast(({ object_type: kind }) => kind === 'wireguard_peer')?.after ?? peer;
    if (after.name !== peer.name || after.address !== peer.address) { if (!document.querySelector('dialog[open]')) reload(); return; }
    if (after.config_revision !== peer.config_revision) { fill(config, makeConfigTabs()); fill(guide, guideCard.open && makeGuideTabs()); }
    peer = after;
    draw();
    drawHistory().catch(say);
  });

  return { title: nameOf(peer), element };
}

function keepalive(peer, gateway) {
  const seconds = peer.persistent_keepalive ?? gateway.persistent_keepalive;
  if (seconds === null || seconds === undefined) return 'that of the server';
  return seconds ? `every ${seconds} seconds${peer.persistent_keepalive === null ? ', from the gateway' : ''}` : 'none';
}

const chartOf = (label, points) => ({
  label, format: rate, times: points.map((point) => point.at),
  series: [{ name: 'Received', kind: 'received', values: points.map((point) => point.rx) }, { name: 'Sent', kind: 'sent', values: points.map((point) => point.tx) }],
});

/// What the server remembers of the last hour; of a peer it begins to remember when it is first asked.
function lastHour(read, figures) {
  const label = 'Traffic of the last hour';
  const note = h('p', { class: 'hint' });
  const place = h('div');
  let chart;
  figures(async () => {
    const history = await read('/traffic', { since: '3600s', step: 20 });
    if (chart) chart.update(carried(history));
    else fill(place, chart = areaChart({ label, format: rate, ...carried(history) }));
    fill(note, now() - Date.parse(history.known_since) < 3_600_000 && ['The server began to count ', time(history.known_since), ', and goes on for an hour after this is last looked at.']);
  }, 10);
  return h('div', place, note);
}
