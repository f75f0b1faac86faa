// The peers: found, filtered and sorted by the server, all of it in the address, however many there are. And one peer: how it does
// and what to do about it, what its device needs, and what was done to it.

import { arrival, connection, guideOf, markdown, systems, tunnelName } from '../connect.js';
import { whileThere } from '../listing.js';
import { rows } from '../rows.js';
import { api, badge, button, bytes, card, code, configStates, confirm, confirmName, count, counted, delayed, deleteButton, dialog, download, edit, empty, exactly, facts, failing, field, fill, findings, formDialog, h, header, line, linkTo, menu, nameField, nameOf, now, numberInput, page, pairs, pause, peerStatus, pick, problemText, put, rate, renew, select, setTime, shape, showOnce, table, time, toast, toggles, words } from '../ui.js';
import { eventsOf } from './events.js';
import { keepalive, traffic } from './gateways.js';
import { hold, limitsCard } from './usage.js';

const path = 'wireguard_peers';
const together = 4; // requests at a time where many peers are changed
const mostLinks = 250;

const lists = [
  ['', 'All'], ['connected', 'Connected', { 'filter[status]': 'connected' }], ['never', 'Never connected', { 'filter[status]': 'never_connected' }],
  ['outdated', 'Config outdated', { 'filter[config_state]': 'outdated' }], ['silent-7', 'Silent for 7 days'], ['silent-30', 'Silent for 30 days'],
];
/// Of how many days of silence a list is.
const daysOf = list => /^silent-([1-9]\d{0,3})$/.exec(list)?.[1];
/// To the minute, so that a list that is read again is the same list.
const silentFor = days => days && { 'filter[last_seen][lt]': `${new Date(now() - days * 86_400_000).toISOString().slice(0, 16)}:00Z` };
const sorts = { '': 'Oldest first', '-created_at': 'Newest first', name: 'Name', address: 'Address', '-last_seen': 'Last seen', '-rx_bytes': 'Most received', '-tx_bytes': 'Most sent' };
// Title, class, and the orders that its heading goes through.
const columns = [
  ['Name', 'name', 'name', '-name'], ['State', 'state'], ['Address', 'address', 'address', '-address'], ['Gateway', 'gateway'], ['Last seen', 'seen', '-last_seen', 'last_seen'],
  ['Received', 'number rx', '-rx_bytes', 'rx_bytes'], ['Sent', 'number tx', '-tx_bytes', 'tx_bytes'], ['Now', 'number now'],
];

export default async function peersPage({ query, can, signal, changes, figures }) {
  const value = name => query.get(name) ?? '';
  const filters = () => ({
    ...lists.find(([name]) => name === value('list'))?.[2], ...silentFor(daysOf(value('list'))), 'filter[search]': value('search'), 'filter[wireguard_interface_id]': value('gateway'),
    'filter[network_id]': value('network'), sort: value('sort'),
  });
  const load = (number, size, stop) => api.list(path, { ...filters(), 'page[number]': number, 'page[size]': size }, { signal: stop });
  const [gateways, networks, { meta }] = await Promise.all([
    api.all('wireguard_interfaces'), api.all('networks'), load(1, 1, signal),
  ]);
  const mayChange = can('member');
  const make = mayChange && (gateways.length
    ? button('New peer', () => newPeer(gateways, networks, value('gateway')), 'primary')
    : h('a.button.primary', { href: '/start' }, 'Set up the first peer'));
  if (!meta.total_results && !Object.keys(query.all()).length) {
    return page('Peers', { actions: [make] }, empty('There are no peers yet', 'A peer is a device that connects to a gateway: a laptop, a phone, a server.'));
  }
  const gatewayNames = new Map(gateways.map(gateway => [gateway.id, nameOf(gateway)]));
  const held = new Map(); // id → the badge of a quota that is used up
  const measured = new Map(); // id → { bytes, at, rate in bytes per second }
  let total = 0;

  // MARK: What is listed

  const problems = h('div');
  const say = failing(problems, () => { fill(problems); list.refresh(); });

  function narrow(members, push = true) {
    query.set(members, { push });
    if (selection.everything) selection.clear();
    selection.last = null;
    drawControls();
    return list.reset().catch(say);
  }

  const search = h('input', {
    type: 'search', name: 'search', label: 'Search by name, address or key', placeholder: 'Search name, address or key', maxlength: 200,
    oninput: delayed(() => narrow({ search: search.value.trim() }, false)),
  });
  const choice = (name, label, options, attributes) => select({ name, label, onchange: ({ target }) => narrow({ [name]: target.value }), ...attributes }, options);
  const objects = (all, list) => [['', all], ...pairs(list)];
  const controls = h('form.toolbar', { role: 'search', onsubmit: event => event.preventDefault() }, search,
    networks.length > 1 && choice('network', 'Network', objects('All networks', networks)),
    gateways.length > 1 && choice('gateway', 'Gateway', objects('All gateways', gateways)),
    choice('sort', 'Order', Object.entries(sorts), { class: 'only-narrow' }));
  const chips = toggles(lists, name => narrow({ list: name }));
  const days = h('input.small', { type: 'number', min: 1, max: 9999, label: 'Silent for this number of days', onchange: () => days.reportValidity() && narrow({ list: days.value && `silent-${days.value}` }) });

  function drawControls() {
    for (const control of controls.elements) if (control !== document.activeElement) control.value = value(control.name);
    chips.press(value('list'));
    days.value = daysOf(value('list')) ?? '';
    list.setHead(head());
  }

  function head() {
    const everything = h('input', { type: 'checkbox', label: 'Select all peers of this list', onchange: ({ target }) => selection.all(target.checked) });
    return [h('div.check', { role: 'columnheader' }, everything), columns.map(([title, name, ...orders]) => {
      const order = orders.indexOf(value('sort'));
      const down = value('sort').startsWith('-');
      return h('div', { role: 'columnheader', class: name, 'aria-sort': order >= 0 && (down ? 'descending' : 'ascending') },
        orders.length ? h('button', { type: 'button', class: 'sort', onclick: () => narrow({ sort: orders[order + 1] }) }, title, order >= 0 && h('span', { 'aria-hidden': 'true' }, down ? '↓' : '↑')) : title);
    })];
  }

  // MARK: Rows

  function row() {
    let peer;
    let painted;
    const box = h('input', { type: 'checkbox', onclick: event => selection.click(peer, box.checked, event.shiftKey).catch(say) });
    const cells = columns.map(([, name]) => h('div', { role: 'cell', class: name }));
    const [named, state, address, gateway, seen, received, sent, speed] = cells;
    const name = h('bdi');
    const link = h('a', name);
    const time = h('time');
    named.append(link);
    seen.append(time);
    return {
      cells: [h('div.check', { role: 'cell' }, box), cells],
      paint(object) {
        peer = object;
        const text = nameOf(peer);
        link.title = text;
        link.href = `/peers/${peer.id}`;
        box.ariaLabel = `Select ${text}`;
        box.checked = selection.has(peer.id);
        const status = held.get(peer.id) ?? peerStatus(peer);
        const outdated = peer.config_state === 'outdated';
        if (painted !== status + outdated) {
          painted = status + outdated;
          fill(state, badge(...status), outdated
            && h('span.badge.warning', { title: 'Config outdated' }, shape('warning'), h('span.hidden', 'config outdated')));
        }
        setTime(time, peer.last_seen, '–');
        const now = measured.get(peer.id)?.rate;
        put(name, text);
        put(address, peer.address);
        put(gateway, gatewayNames.get(peer.wireguard_interface_id) ?? '');
        put(received, bytes(peer.rx_bytes));
        put(sent, bytes(peer.tx_bytes));
        put(speed, now ? rate(now) : '');
      },
    };
  }

  // MARK: Selection

  const selection = {
    chosen: new Map(), except: new Set(), everything: false, last: null,
    has(id) { return this.everything ? !this.except.has(id) : this.chosen.has(id); },
    size() { return this.everything ? total - this.except.size : this.chosen.size; },
    set(peers, on) {
      for (const peer of peers) {
        if (this.everything) this.except[on ? 'delete' : 'add'](peer.id);
        else this.chosen[on ? 'set' : 'delete'](peer.id, peer);
      }
      drawSelection();
    },
    /// With the shift key down, the same for all from the one before to this one.
    async click(peer, on, isRange) {
      const from = isRange && this.last;
      this.last = peer.id;
      this.set(from ? await list.between(from, peer.id, signal) : [peer], on);
      if (from) list.repaint();
    },
    all(on) { this.everything = on; this.except.clear(); this.chosen.clear(); drawSelection(); list.repaint(); },
    clear() { this.all(false); },
    /// The chosen peers, all of them before something is done to the first, which may change the list.
    async peers(stop) {
      return this.everything ? (await api.all(path, filters(), { signal: stop, most: Infinity })).filter(peer => this.has(peer.id)) : [...this.chosen.values()];
    },
  };

  const chosenText = h('strong', { role: 'status' });
  const chooseAll = button('', () => selection.all(true), 'small');
  const bar = h('div.selection', { role: 'region', label: 'Selected peers', hidden: true }, chosenText, chooseAll, h('div.actions',
    mayChange && button('Share…', shareMany, 'small'),
    button('Export CSV', exportMany, 'small'),
    mayChange && button('Delete…', deleteMany, 'small danger'),
    button('Clear', () => selection.clear(), 'small quiet')));

  function drawSelection() {
    const size = selection.size();
    const box = list.element.querySelector('.rows-head input');
    bar.hidden = !size;
    chooseAll.hidden = size >= total;
    box.checked = size > 0 && size >= total;
    box.indeterminate = size > 0 && size < total;
    put(chosenText, `${count(size)} selected`);
    put(chooseAll, `Select all ${count(total)}`);
  }

  /// Does the same to each chosen peer, some at a time, and shows how far it is.
  async function many(title, change) {
    const stop = new AbortController();
    const size = selection.size();
    const text = h('p', { role: 'status' });
    const progress = h('progress', { max: size, value: 0, label: title });
    const shown = dialog(title, close => [text, progress, h('div.actions.form-actions', button('Stop', close))], { onclose: () => stop.abort() });
    const failed = [];
    const queue = (await selection.peers(stop.signal).catch(say) ?? []).values();
    await Promise.all(Array.from({ length: together }, async () => {
      for (const peer of queue) {
        try { await change(peer, stop.signal); } catch (problem) {
          if (stop.signal.aborted) return;
          if (problem.status !== 404) failed.push(`${nameOf(peer)}: ${problemText(problem)}`);
        }
        put(text, `${count(++progress.value)} of ${count(size)}`);
      }
    }));
    if (failed.length) toast(`${count(failed.length)} of ${count(size)} did not work. ${failed[0]}`, 'error');
    else if (!stop.signal.aborted) toast(`${title}: done for ${counted(size, 'peer')}.`);
    shown.close();
    list.refresh();
  }

  async function deleteMany() {
    const size = selection.size();
    const only = size === 1 && [...selection.chosen.values()][0];
    if (!await confirmName({
      title: `Delete ${counted(size, 'peer')}`, name: only ? nameOf(only) : `delete ${size}`, text: `${counted(size, 'device')} will lose the connection at once.`,
    })) return;
    await many('Delete', (peer, stop) => api.delete(`${path}/${peer.id}`, { signal: stop }));
    selection.clear();
  }

  function shareMany() {
    if (selection.size() > mostLinks) toast(`Links are made for at most ${mostLinks} peers at a time.`, 'warning');
    else makeLinks(selection.size(), link => many('Make links', link));
  }

  /// The server's table: of the list as it is, without the lines of those that are not chosen, or of those that are, some at a time.
  async function exportMany() {
    const table = async query => (await api.get(`${path}.csv`, query, { accept: 'text/csv' })).split(/(?<=\n)/);
    let lines = [];
    if (selection.everything) {
      lines = (await table(filters())).filter(line => !selection.except.has(line.split(',')[0]));
    } else {
      const ids = [...selection.chosen.keys()];
      for (let done = 0; done < ids.length; done += 250) {
        put(chosenText, `${count(done)} of ${count(ids.length)}`);
        const part = await table({ 'filter[id]': ids.slice(done, done + 250).join(), sort: value('sort') });
        lines.push(...done ? part.slice(1) : part);
      }
      drawSelection();
    }
    download('peers.csv', lines.join(''), 'text/csv');
  }

  // MARK: Page

  const subtitle = h('span', { role: 'status' });
  const none = empty('No peer matches', 'Search for less, or take a filter away.',
    button('Show all peers', () => { search.value = ''; return narrow({ search: null, list: null, gateway: null, network: null }); }));
  const list = rows({
    label: 'Peers', head: head(), row, load, onproblem: say,
    ontotal(found) {
      total = found;
      none.hidden = found > 0;
      put(subtitle, counted(found, 'peer'));
      drawSelection();
    },
  });
  async function readHeld() {
    const found = await api.all('limits', { 'filter[subject_type]': 'wireguard_peer', 'filter[state]': 'used_up' });
    held.clear();
    for (const one of found) if (hold(one)) held.set(one.subject_id, hold(one));
    list.repaint();
  }
  readHeld().catch(say);
  search.value = value('search');
  drawControls();
  list.reset().catch(say);

  let refreshed = 0;
  let due;
  function refreshSoon() {
    due ??= setTimeout(() => {
      due = null;
      refreshed = Date.now();
      if (!signal.aborted) list.refresh();
    }, Math.max(100, refreshed + 1000 - Date.now()));
  }
  changes(events => {
    const own = events.filter(event => event.type === 'reset' || event.object_type === 'wireguard_peer');
    list.update(own.filter(event => event.type.endsWith('.updated')).map(event => event.after));
    if (own.some(event => !event.type.endsWith('.updated'))) refreshSoon();
    if (events.some(event => event.object_type === 'limits')) readHeld().catch(say);
    for (const { object_type: kind, object_id: id, after } of events) if (kind === 'wireguard_interface' && after) gatewayNames.set(id, nameOf(after));
  });

  figures(async () => {
    const ids = list.inView().map(peer => peer.id);
    if (!ids.length) return;
    const { data } = await api.list(path, { 'filter[id]': ids.join() });
    const at = performance.now();
    for (const peer of data) {
      const old = measured.get(peer.id);
      const sum = peer.rx_bytes + peer.tx_bytes;
      measured.delete(peer.id);
      measured.set(peer.id, { bytes: sum, at, rate: old ? Math.max(0, ((sum - old.bytes) * 1000) / (at - old.at)) : 0 });
    }
    for (const id of measured.keys()) { if (measured.size <= 500) break; measured.delete(id); }
    list.update(data);
  });

  return {
    ...page('Peers', { subtitle, actions: [make] }, controls,
      h('div.toolbar.chips', { role: 'group', label: 'Ready-made lists' }, chips.buttons, h('label.line', 'or', days, 'days')), problems, list.element, none, bar),
    leave: () => list.leave(),
  };
}

// MARK: A new peer

/// Asks for a name, and for the gateway where there are several; then shows all that the device needs, and waits for it.
function newPeer(gateways, networks, chosen) {
  const text = gateway => (networks.length > 1 ? `${nameOf(gateway)} (${networks.find(({ id }) => id === gateway.network_id)?.name})` : nameOf(gateway));
  edit('wireguard_peer', {
    read: values => ({ wireguard_interface_id: gateways[0].id, ...values }), query: { include: 'config,qr' },
    made: peer => showConnection(peer, gateways.find(({ id }) => id === peer.wireguard_interface_id)),
  }, nameField('', 'What you call the device by, such as laptop.'),
  gateways.length > 1 && field('Gateway', select({ name: 'wireguard_interface_id' }, gateways.map(gateway => [gateway.id, text(gateway)]), chosen || gateways[0].id)));
}

/// The dialog of a private key that is shown once: its config, its guide, and the wait for the first handshake.
function showConnection(peer, gateway) {
  const stop = new AbortController();
  const waiting = arrival(peer, gateway, () => [h('a.button', { href: `/peers/${peer.id}`, onclick: () => opened.close() }, 'Show the peer')]);
  const opened = dialog(`Connect ${nameOf(peer)}`, () => [waiting.element, connection(peer)], { wide: true, onclose: () => stop.abort() });
  const look = () => waiting.look().catch(() => {}).then(() => pause(2000, stop.signal)).then(look, () => {});
  look();
}

// MARK: Links

/// Asks how long one-time links last, makes them by `each`, which is given what makes one, and shows them, once.
function makeLinks(size, each) {
  const links = [];
  formDialog(size > 1 ? 'One-time links' : 'One-time link', {
    submit: `Make ${counted(size, 'link')}`,
    async send({ hours }) {
      await each(async (peer, signal) => {
        const share = await api.post(`${path}/${peer.id}/shares`, { expires_in: hours * 3600 });
        links.push([nameOf(peer), share.url]);
      });
      if (links.length === 1) showOnce('One-time link', links[0][1], 'The first who opens the link sees the config with its private key, once.');
      else if (links.length) showOnce('One-time links', links.map(([name, url]) => `${url} ${name}`).join('\n'), 'Each link shows the config of its peer with the private key, once.', 'links.txt');
    },
  }, h('p', 'A new key pair is behind each link: a device with the old one loses its connection until it has the new config.'),
  field(size > 1 ? 'The links end after' : 'The link ends after', select({ name: 'hours' }, [[1, '1 hour'], [24, '1 day'], [168, '7 days']], 24)));
}

// MARK: One peer

const formats = [['wg-quick', 'wg-quick', 'conf'], ['wg-setconf', 'wg setconf', 'conf'], ['systemd-networkd', 'systemd-networkd', 'txt'],
  ['networkmanager', 'NetworkManager', 'nmconnection'], ['mikrotik', 'MikroTik', 'rsc'], ['openwrt', 'OpenWrt', 'sh']];

export async function peerPage(context) {
  const { params, can, figures } = context;
  const path = `wireguard_peers/${encodeURIComponent(params.id)}`;
  const read = (more, query, options) => api.get(path + more, query, options);
  let peer = await read('');
  const gateway = await api.get(`wireguard_interfaces/${peer.wireguard_interface_id}`);
  const mayChange = can('member');
  const limits = limitsCard(context, 'wireguard_peer', peer);

  // MARK: State

  const status = h('span');
  const state = h('div');
  function draw() {
    renew(status, badge(...peerStatus(peer)), limits.badge());
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
    card({ title: 'State', actions: h('a.button.small', { href: `/usage?peer=${peer.id}&by=day` }, 'Its usage') }, state), limits.element, lately.element,
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
