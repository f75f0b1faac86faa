// One peer: how it does and what to do about it, what its device needs, and what was done to it.

import { guideOf, markdown, systems, tunnelName } from '../connect.js';
import { whileThere } from '../listing.js';
import { api, badge, button, bytes, card, code, configStates, confirm, deleteButton, edit, exactly, facts, failing, field, fill, findings, formDialog, h, header, line, linkTo, menu, nameField, nameOf, numberInput, peerStatus, pick, renew, showOnce, table, time, toast, words } from '../ui.js';
import { eventsOf } from './events.js';
import { keepalive, traffic } from './gateways.js';
import { makeLinks, showConnection } from './peers.js';

const formats = [['wg-quick', 'wg-quick', 'conf'], ['wg-setconf', 'wg setconf', 'conf'], ['systemd-networkd', 'systemd-networkd', 'txt'],
  ['networkmanager', 'NetworkManager', 'nmconnection'], ['mikrotik', 'MikroTik', 'rsc'], ['openwrt', 'OpenWrt', 'sh']];

export default async function peerPage(context) {
  const { params, can, figures } = context;
  const path = `wireguard_peers/${encodeURIComponent(params.id)}`;
  const read = (more, query, options) => api.get(path + more, query, options);
  let peer = await read('');
  const gateway = await api.get(`wireguard_interfaces/${peer.wireguard_interface_id}`);
  const mayChange = can('member');

  // MARK: State

  const status = h('span');
  const state = h('div');
  function draw() {
    renew(status, badge(...peerStatus(peer)));
    renew(state, facts(
      ['Address', line(peer.address, 'the address')],
      ['Gateway', linkTo('/gateways', gateway)],
      ['Endpoint', peer.endpoint ?? 'not known yet'],
      ['Last handshake', time(peer.latest_handshake_at)],
      ['Last seen', time(peer.last_seen)],
      ['Received', bytes(peer.rx_bytes)],
      ['Sent', bytes(peer.tx_bytes)],
      ['Config', badge(...configStates[peer.config_state])],
      ['Keepalive', keepalive(peer.persistent_keepalive ?? gateway.persistent_keepalive)],
      peer.allowed_ips.length > 0 && ['Networks behind it', peer.allowed_ips.join(', ')],
      ['Made', exactly(peer.created_at)],
      ['Public key', line(peer.public_key, 'the public key')]));
  }
  draw();

  // MARK: Diagnosis

  const diagnosis = h('div', 'Looking…');
  async function diagnose() {
    const found = await read('/diagnosis');
    renew(diagnosis, findings(found.findings), found.drops.length > 0 && [h('h3', 'Packets that were not forwarded'), table([
      ['Why', drop => drop.reason.replaceAll('_', ' ')],
      ['From', drop => drop.source ?? '–'],
      ['To', drop => drop.destination ?? '–'],
      ['Packets', drop => drop.count, 'number'],
      ['Last', drop => time(drop.last_at)],
    ], found.drops)]);
  }

  // MARK: Config

  // Who only looks has not taken it: the config counts as new for the device until it is copied or saved.
  const readConfig = (format, peek) => read('/config', { format, peek }, { accept: 'text/plain' });
  const config = pick('Format of the config', formats.map(([format, title, extension]) => ({
    title, content: async () => code(await readConfig(format, true), { label: `Config for ${title}`, file: `${await tunnelName(peer)}.${extension}`, ontake: () => readConfig(format, false) }),
  })));
  const makeGuide = () => pick('System of the device', Object.entries(systems).map(([os, title]) => ({
    title, content: async () => h('div.guide', markdown(await guideOf(peer, os, true))),
  })));
  const guide = h('div');
  const guideCard = h('details.card', { ontoggle: () => { if (guideCard.open && !guide.hasChildNodes()) fill(guide, makeGuide()); } }, h('summary', 'How to connect a device'), guide);

  // MARK: Links

  const links = h('div');
  async function drawLinks() {
    const shares = await api.all('wireguard_peer_shares', { 'filter[wireguard_peer_id]': peer.id });
    fill(links, table([
      ['Link', share => (share.has_private_key ? 'Complete config' : 'Config without the private key')],
      ['Made', share => time(share.created_at)],
      ['State', share => (share.used_at ? ['Used ', time(share.used_at)] : ['Ends ', time(share.expires_at)])],
      ['', share => mayChange && button('Revoke', async () => { await api.delete(`wireguard_peer_shares/${share.id}`); toast('The link leads to nothing now.'); }, 'small'), 'number'],
    ], shares, 'One-time links', h('p.muted', 'There is no one-time link. It shows the complete config once, to the first who opens it.')));
  }
  function share() { makeLinks(1, link => link(peer)); }

  /// Is asked for only here, since a peer without one is the rule.
  async function configURL() {
    const [old] = await read('/config_urls');
    formDialog('Config URL', {
      submit: old ? 'Make a new one' : 'Make the URL',
      async send() { showOnce('Config URL', (await api.post(`${path}/config_url`)).url, 'Who has the URL can read the config of this peer.'); },
    }, h('p', 'A device reads its config at this URL again and again, without an API key. The private key is not in it: it stays on the device.'),
    old && h('p', 'One was made ', time(old.created_at), '; a new one takes its place. ',
      button('Revoke it', async () => { await api.delete(`${path}/config_url`); toast('The config URL leads to nothing now.'); }, 'small')));
  }

  // MARK: Changes

  const change = () => edit('wireguard_peer', { object: peer, read: values => ({ ...values, allowed_ips: words(values.allowed_ips) }) }, nameField(peer.name),
  field('Keepalive in seconds', numberInput('persistent_keepalive', peer.persistent_keepalive), 'Empty means that of the gateway, and 0 means none.'),
  field('Networks behind the peer', h('textarea', { name: 'allowed_ips', rows: 3, spellcheck: 'false', value: peer.allowed_ips.join('\n') }), 'One on each line, such as 192.168.1.0/24. The gateway sends to them through this peer.'));

  const rotate = () => confirm({
    title: 'Make a new key pair',
    text: 'The device loses its connection at once, until it has the new config. The config with the new private key is shown next, only once.',
    onconfirm: async () => showConnection(await api.patch(path, {}, { query: { include: 'config,qr' } }), gateway),
  });

  const newPresharedKey = () => confirm({
    title: 'Make a new preshared key',
    text: 'The device loses its connection at once, until it has the config with the new preshared key.',
    onconfirm: async () => { await api.patch(path, { preshared_key: true }); toast('The peer has a new preshared key. Its device needs the new config.'); },
  });

  // MARK: Page

  const lately = traffic(figures, path);
  const history = await eventsOf(peer);
  const notice = h('div');
  const element = h('div',
    header(nameOf(peer), {
      status, back: ['/peers', 'Peers'], subtitle: ['Peer of ', h('bdi', nameOf(gateway)), ' with the address ', peer.address],
      actions: mayChange && [
        button('Edit', change), button('Make a one-time link', share),
        menu('More', button('New key pair…', rotate), button('New preshared key…', newPresharedKey), deleteButton('wireguard_peer', peer, 'Its device loses the connection at once.')),
      ],
    }),
    notice, card('Diagnosis', diagnosis),
    card('State', state), lately.element,
    card('Config', h('p.muted', 'The private key is not in it: the server keeps none. A one-time link or a new key pair gives a complete config with its QR code.'), config),
    guideCard,
    card({ title: 'Links to the config', actions: mayChange && [button('Make a one-time link', share, 'small'), button('Config URL…', configURL, 'small')] }, links),
    history);

  const say = failing(notice);
  drawLinks().catch(say);

  figures(async () => {
    peer = await read('');
    draw();
    lately.look(peer);
  });
  figures(diagnose, 10);
  whileThere(context, 'wireguard_peer', ({ after, before }) => (after ?? before)?.wireguard_peer_id === peer.id);

  return { title: nameOf(peer), element };
}
