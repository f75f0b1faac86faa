// The peers: found, filtered and sorted by the server, all of it in the address, however many there are.

import { api, idempotencyKey, pause } from '../api.js';
import { connection, arrival } from '../connect.js';
import { fill, h, put } from '../dom.js';
import { bytes, count, counted, nameOf, now, peerStatus, rate, setTime } from '../format.js';
import { go } from '../router.js';
import { rows } from '../rows.js';
import { badge, button, confirmName, copyButton, dialog, download, empty, field, form, header, problemText, banner, select, shape, table, toast } from '../ui.js';

const path = '/v2/wireguard_peers';
const day = 86_400_000; // milliseconds
const together = 4; // requests at a time where many peers are changed
const mostShares = 250;

const lists = [
  ['', 'All', () => ({})],
  ['connected', 'Connected', () => ({ 'filter[status]': 'connected' })],
  ['never', 'Never connected', () => ({ 'filter[status]': 'never_connected' })],
  ['silent-7', 'Silent for 7 days', () => silentFor(7)],
  ['silent-30', 'Silent for 30 days', () => silentFor(30)],
  ['outdated', 'Config outdated', () => ({ 'filter[config_state]': 'outdated' })],
];

// To the minute, so that a list that is read again is the same list.
const silentFor = (days) => ({ 'filter[last_seen][lt]': `${new Date(now() - days * day).toISOString().slice(0, 16)}:00Z` });

const sorts = [['', 'Oldest first'], ['-created_at', 'Newest first'], ['name', 'Name'], ['address', 'Address'], ['-last_seen', 'Last seen'],
  ['-rx_bytes', 'Most received'], ['-tx_bytes', 'Most sent']];

export default async function peersPage({ query, can, signal, changes, figures }) {
  const [gateways, networks, first] = await Promise.all([
    api.all('/v2/wireguard_interfaces', {}, { signal }), api.all('/v2/networks', {}, { signal }),
    api.list(path, { ...filters(), 'page[number]': 1, 'page[size]': 100 }, { signal }),
  ]);
  const mayChange = can('member');
  if (!first.meta.total_results && !Object.keys(query.all()).length) return nothingYet(gateways, networks, mayChange);

  const gatewayNames = new Map(gateways.map((gateway) => [gateway.id, nameOf(gateway)]));
  const rates = new Map(); // id → { rx, tx, at, rate }
  let total = 0;

  // MARK: What is listed

  function filters() {
    const list = lists.find(([name]) => name === (query.get('list') ?? '')) ?? lists[0];
    return {
      ...list[2](), 'filter[search]': query.get('search'), 'filter[wireguard_interface_id]': query.get('gateway'),
      'filter[network_id]': query.get('network'), sort: query.get('sort'),
    };
  }

  async function filter(members, options) {
    query.set(members, options);
    if (selection.everything) selection.clear();
    drawControls();
    try {
      await list.reset();
    } catch (problem) {
      if (problem.name !== 'AbortError') say(problem);
    }
  }

  const problems = h('div');
  const say = (problem) => fill(problems, problem && banner('error', problemText(problem), button('Try again', { onclick: () => { say(null); list.refresh(); } })));

  let searching;
  const search = h('input', {
    type: 'search', 'aria-label': 'Search by name, address or key', placeholder: 'Search name, address or key', value: query.get('search') ?? '', maxlength: 200,
    oninput() { clearTimeout(searching); searching = setTimeout(() => filter({ search: search.value.trim() }), 150); },
  });
  const options = (all, objects) => [{ value: '', text: all }, ...objects.map((one) => ({ value: one.id, text: nameOf(one) }))];
  const gatewayChoice = select({ 'aria-label': 'Gateway', onchange: () => filter({ gateway: gatewayChoice.value }, { push: true }) },
    options('All gateways', gateways), query.get('gateway') ?? '');
  const networkChoice = select({ 'aria-label': 'Network', onchange: () => filter({ network: networkChoice.value, gateway: null }, { push: true }) },
    options('All networks', networks), query.get('network') ?? '');
  const sortChoice = select({ 'aria-label': 'Order', class: 'only-narrow', onchange: () => filter({ sort: sortChoice.value }, { push: true }) },
    sorts.map(([value, text]) => ({ value, text })), query.get('sort') ?? '');
  const listButtons = lists.map(([name, text]) => h('button', { type: 'button', class: 'small', onclick: () => filter({ list: name }, { push: true }) }, text));

  function drawControls() {
    listButtons.forEach((element, i) => element.setAttribute('aria-pressed', String(lists[i][0] === (query.get('list') ?? ''))));
    gatewayChoice.value = query.get('gateway') ?? '';
    networkChoice.value = query.get('network') ?? '';
    sortChoice.value = query.get('sort') ?? '';
    list?.setHead(head());
  }

  // MARK: Rows

  const columns = [
    ['Name', 'name', 'name'], ['State', null, 'state'], ['Address', 'address', 'address'], ['Gateway', null, 'gateway'], ['Last seen', 'last_seen', 'seen'],
    ['Received', 'rx_bytes', 'number rx'], ['Sent', 'tx_bytes', 'number tx'], ['Now', null, 'number now'],
  ];

  function head() {
    const sort = query.get('sort') ?? '';
    const everything = h('input', {
      type: 'checkbox', 'aria-label': 'Select all peers of this list', checked: selection.everything && !selection.except.size,
      onchange: (event) => (event.target.checked ? selection.all() : selection.clear()),
    });
    return [
      h('div', { role: 'columnheader', class: 'check' }, everything),
      columns.map(([title, by, name]) => {
        const direction = by && sort === by ? 'ascending' : by && sort === `-${by}` ? 'descending' : null;
        const largeFirst = by === 'last_seen' || by?.endsWith('_bytes');
        const next = (largeFirst ? ['', `-${by}`, by] : ['', by, `-${by}`]);
        const turn = next[(next.indexOf(direction ? sort : '') + 1) % 3];
        return h('div', { role: 'columnheader', class: name, 'aria-sort': direction },
          by ? h('button', { type: 'button', class: 'sort', onclick: () => filter({ sort: turn }, { push: true }) }, title,
            h('span', { 'aria-hidden': 'true' }, direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : '')) : title);
      }),
    ];
  }

  function row() {
    const box = h('input', { type: 'checkbox', onclick: (event) => choose(event) });
    const name = h('bdi');
    const link = h('a', name);
    const cell = (kind, ...children) => h('div', { role: 'cell', class: kind }, children);
    const state = cell('state');
    const address = cell('address mono');
    const gateway = cell('gateway');
    const seen = h('time');
    const received = cell('number rx');
    const sent = cell('number tx');
    const rateNow = cell('number now');
    let peer;
    let index;
    let painted = {};
    function choose(event) {
      if (event.shiftKey && selection.last !== null) selection.range(selection.last, index, box.checked);
      else selection.set(peer, box.checked);
      selection.last = index;
    }
    return {
      cells: [cell('check', box), cell('name', link), state, address, gateway, cell('seen', seen), received, sent, rateNow],
      paint(object, at) {
        peer = object;
        index = at;
        const text = nameOf(peer);
        put(name, text);
        if (painted.id !== peer.id) {
          link.href = `/peers/${peer.id}`;
          link.title = text;
          box.setAttribute('aria-label', `Select ${text}`);
        }
        const status = peerStatus(peer);
        if (painted.status !== status.text || painted.config !== peer.config_state) {
          fill(state, badge(status.kind, status.text), peer.config_state === 'outdated'
            && h('span', { class: 'badge warning', title: 'Config outdated' }, shape('warning'), h('span', { class: 'hidden' }, 'config outdated')));
        }
        put(address, peer.address);
        put(gateway, gatewayNames.get(peer.wireguard_interface_id) ?? '');
        setTime(seen, peer.last_seen, '–');
        put(received, bytes(peer.rx_bytes));
        put(sent, bytes(peer.tx_bytes));
        const speed = rates.get(peer.id)?.rate ?? 0;
        put(rateNow, speed ? rate(speed) : '');
        box.checked = selection.has(peer.id);
        painted = { id: peer.id, status: status.text, config: peer.config_state };
      },
    };
  }

  // MARK: Selection

  const selection = {
    chosen: new Map(), except: new Set(), everything: false, last: null,
    has(id) { return this.everything ? !this.except.has(id) : this.chosen.has(id); },
    size() { return this.everything ? total - this.except.size : this.chosen.size; },
    set(peer, on) {
      if (this.everything) this.except[on ? 'delete' : 'add'](peer.id);
      else if (on) this.chosen.set(peer.id, peer);
      else this.chosen.delete(peer.id);
      drawSelection();
    },
    async range(from, to, on) {
      for (const peer of await list.between(from, to, signal)) this.set(peer, on);
      list.repaint();
    },
    all() { this.everything = true; this.except.clear(); this.chosen.clear(); drawSelection(); list.repaint(); },
    clear() { this.everything = false; this.except.clear(); this.chosen.clear(); this.last = null; drawSelection(); list.repaint(); },
    /// The chosen peers, one after the other, as they are now.
    async *peers(stop) {
      if (!this.everything) { yield* [...this.chosen.values()]; return; }
      const found = [];
      for await (const page of api.pages(path, { ...filters(), 'page[size]': 250 }, { signal: stop })) found.push(...page.data);
      for (const peer of found) if (!this.except.has(peer.id)) yield peer;
    },
  };

  const bar = h('div', { class: 'selection', role: 'region', 'aria-label': 'Selected peers', hidden: true });
  const barText = h('strong', { role: 'status' });
  const selectAll = button('', { kind: 'small', onclick: () => selection.all() });
  bar.append(barText, selectAll, h('div', { class: 'actions' },
    mayChange && button('Share…', { kind: 'small', onclick: () => shareMany() }),
    button('Export CSV', { kind: 'small', onclick: () => exportMany() }),
    mayChange && button('Delete…', { kind: 'small danger', onclick: () => deleteMany() }),
    button('Clear', { kind: 'small quiet', onclick: () => selection.clear() })));

  function drawSelection() {
    const size = selection.size();
    bar.hidden = !size;
    put(barText, `${count(size)} selected`);
    selectAll.hidden = selection.everything || size >= total;
    put(selectAll, `Select all ${count(total)}`);
    const box = list.element.querySelector('.rows-head input');
    box.checked = selection.everything && !selection.except.size;
    box.indeterminate = size > 0 && !box.checked;
  }

  /// Does the same to each chosen peer, some at a time, and shows how far it is. Returns whether it came to the end.
  async function many(title, change) {
    const stop = new AbortController();
    const size = selection.size();
    const progress = h('progress', { max: size, value: 0, 'aria-label': title });
    const text = h('p', { role: 'status' });
    const failed = [];
    let done = 0;
    const shown = dialog(title, (close) => [text, progress, h('div', { class: 'actions form-actions' }, button('Stop', { onclick: close }))],
      { onclose: () => stop.abort(new DOMException('stopped', 'AbortError')) });
    const queue = selection.peers(stop.signal);
    const work = async () => {
      for (;;) {
        const { value: peer, done: over } = await queue.next();
        if (over || stop.signal.aborted) return;
        try { await change(peer, stop.signal); } catch (problem) {
          if (problem.name === 'AbortError') return;
          if (problem.status !== 404) failed.push([peer, problem]);
        }
        done++;
        progress.value = done;
        put(text, `${count(done)} of ${count(size)}`);
      }
    };
    await Promise.all(Array.from({ length: together }, work));
    const whole = !stop.signal.aborted;
    shown.close();
    list.refresh();
    if (failed.length) {
      dialog('Some did not work', table([{ title: 'Peer', cell: ([peer]) => h('bdi', nameOf(peer)) }, { title: 'Why', cell: ([, problem]) => problemText(problem) }],
        failed.slice(0, 100), { caption: 'Peers that did not change' }), { wide: true });
    }
    return whole && !failed.length;
  }

  async function deleteMany() {
    const size = selection.size();
    let text = `${counted(size, 'peer')} will be deleted. Their devices lose the connection at once. This cannot be undone.`;
    let name = `delete ${size}`;
    if (size === 1) {
      const [only] = [...selection.chosen.values()];
      if (only) { name = nameOf(only); text = 'The peer will be deleted. Its device loses the connection at once. This cannot be undone.'; }
    }
    let agreed = false;
    await confirmName({ title: `Delete ${counted(size, 'peer')}`, text, name, onconfirm: async () => { agreed = true; } });
    if (!agreed) return;
    const whole = await many('Deleting peers', (peer, stop) => api.delete(`${path}/${peer.id}`, { signal: stop }));
    selection.clear();
    if (whole) toast(`${counted(size, 'peer')} deleted.`);
  }

  async function shareMany() {
    const size = selection.size();
    if (size > mostShares) { toast(`Select at most ${mostShares} peers to share.`, 'warning'); return; }
    const links = [];
    dialog('Make one-time links', (close) => form({
      submit: `Make ${counted(size, 'link')}`, cancel: close,
      async onsubmit({ hours }) {
        close();
        await many('Making links', async (peer, stop) => {
          const share = await api.post(`${path}/${peer.id}/shares`, { expires_in: Number(hours) * 3600 }, { signal: stop });
          links.push([nameOf(peer), share.url]);
        });
        if (!links.length) return;
        const text = csv([['name', 'link'], ...links]);
        dialog('One-time links', [
          h('p', 'Each link shows the config of its peer once. The links are shown only now.'),
          table([{ title: 'Peer', cell: ([name]) => h('bdi', name) }, { title: 'Link', cell: ([, url]) => h('code', url) },
            { title: '', cell: ([name, url]) => copyButton(url, 'Copy', { 'aria-label': `Copy the link of ${name}` }) }], links, { caption: 'One-time links' }),
          h('div', { class: 'actions form-actions' }, button('Download as CSV', { kind: 'primary', onclick: () => download('links.csv', text, 'text/csv') })),
        ], { wide: true });
      },
    }, h('p', 'Each peer gets a new key pair, which is behind its link. A device that is connected with the old key loses its connection until it has the new config.'),
    field('The links end after', select({ name: 'hours' }, [{ value: '1', text: '1 hour' }, { value: '24', text: '1 day' }, { value: '168', text: '7 days' }], '24'))));
  }

  async function exportMany() {
    const lines = [];
    for await (const peer of selection.peers(signal)) lines.push(csvLine(peer));
    download('peers.csv', csv([csvHead, ...lines]), 'text/csv');
    toast(`${counted(lines.length, 'peer')} exported.`);
  }

  const csvHead = ['id', 'name', 'state', 'address', 'public_key', 'gateway', 'endpoint', 'last_seen', 'rx_bytes', 'tx_bytes', 'config_state', 'created_at'];
  const csvLine = (peer) => [peer.id, peer.name, peerStatus(peer).text, peer.address, peer.public_key, gatewayNames.get(peer.wireguard_interface_id), peer.endpoint,
    peer.last_seen, peer.rx_bytes, peer.tx_bytes, peer.config_state, peer.created_at];

  // MARK: Page

  const subtitle = h('span');
  const none = h('div', { class: 'empty', hidden: true }, h('h2', 'No peer matches'), h('p', 'Search for less, or take a filter away.'),
    h('p', { class: 'actions' }, button('Show all peers', { onclick: () => { search.value = ''; filter({ search: null, list: null, gateway: null, network: null }); } })));
  let begun = first;
  const list = rows({
    label: 'Peers', head: head(), row,
    load: async (number, size, stop) => {
      if (begun && number === 1) { const page = begun; begun = null; return page; }
      return api.list(path, { ...filters(), 'page[number]': number, 'page[size]': size }, { signal: stop });
    },
    ontotal(found) {
      total = found;
      put(subtitle, counted(found, 'peer'));
      none.hidden = found > 0;
      drawSelection();
    },
    onproblem: say,
  });
  drawControls();

  const element = h('div', { class: 'peers' },
    header('Peers', { subtitle, actions: [mayChange && button('New peer', { kind: 'primary', onclick: () => newPeer(gateways, networks, query.get('gateway')) })] }),
    h('div', { class: 'toolbar', role: 'search' }, search, networks.length > 1 && networkChoice, gateways.length > 1 && gatewayChoice, sortChoice),
    h('div', { class: 'toolbar chips', role: 'group', 'aria-label': 'Ready-made lists' }, listButtons),
    problems, list.element, none, bar);
  list.reset();

  changes((events) => {
    const peers = events.filter((event) => event.object_type === 'wireguard_peer' || event.type === 'reset');
    list.update(peers.filter((event) => event.type.endsWith('.updated')).map((event) => event.after));
    if (peers.some((event) => !event.type.endsWith('.updated'))) list.refresh();
    for (const event of events) if (event.object_type === 'wireguard_interface' && event.after) gatewayNames.set(event.object_id, nameOf(event.after));
  });

  figures(async () => {
    const ids = list.inView().map((peer) => peer.id).slice(0, 100);
    if (!ids.length) return;
    const { data } = await api.list(path, { 'filter[id]': ids.join(','), 'page[size]': 100 }, { signal });
    const at = performance.now();
    for (const peer of data) {
      const before = rates.get(peer.id);
      const seconds = before ? (at - before.at) / 1000 : 0;
      const moved = before ? peer.rx_bytes + peer.tx_bytes - before.bytes : 0;
      rates.set(peer.id, { bytes: peer.rx_bytes + peer.tx_bytes, at, rate: seconds > 0 ? Math.max(0, moved / seconds) : 0 });
    }
    if (rates.size > 1000) for (const id of rates.keys()) { if (rates.size <= 500) break; rates.delete(id); }
    list.update(data);
  });

  return { title: 'Peers', element, leave: () => list.leave() };
}

function nothingYet(gateways, networks, mayChange) {
  const make = mayChange && (gateways.length
    ? button('New peer', { kind: 'primary', onclick: () => newPeer(gateways, networks) })
    : h('a', { class: 'button primary', href: '/start' }, 'Set up the first one'));
  return {
    title: 'Peers',
    element: h('div', header('Peers'), empty('There are no peers yet', 'A peer is a device that connects to a gateway: a laptop, a phone, a server.', make)),
  };
}

// MARK: A new peer

/// Asks for a name, and for the gateway where there are several; then shows all that the device needs, and waits for it.
function newPeer(gateways, networks, chosen) {
  if (!gateways.length) { go('/start'); return; }
  const key = idempotencyKey();
  const networkNames = new Map(networks.map((network) => [network.id, network.name]));
  const where = gateways.map((gateway) => ({ value: gateway.id, text: networks.length > 1 ? `${nameOf(gateway)} (${networkNames.get(gateway.network_id) ?? ''})` : nameOf(gateway) }));
  const opened = dialog('New peer', (close) => form({
    submit: 'Make the peer', cancel: close,
    async onsubmit(values) {
      const peer = await api.post(path, { wireguard_interface_id: gateways[0].id, ...values }, { query: { include: 'config,qr' }, key });
      showConnection(peer, gateways.find((gateway) => gateway.id === peer.wireguard_interface_id), close);
    },
  }, field('Name', h('input', { name: 'name', autocomplete: 'off', autofocus: true, maxlength: 64, placeholder: 'laptop' }), { hint: 'What you call the device by. It can be changed.' }),
  gateways.length > 1 && field('Gateway', select({ name: 'wireguard_interface_id' }, where, chosen ?? where[0].value))));
  return opened;
}

/// The dialog of a private key that is shown once: its config, its guide, and the wait for the first handshake.
export function showConnection(peer, gateway, closeFirst) {
  closeFirst?.();
  const stop = new AbortController();
  const waiting = arrival(peer, gateway, () => [h('a', { class: 'button', href: `/peers/${peer.id}`, onclick: () => opened.close() }, 'Show the peer')]);
  const opened = dialog(`Connect ${nameOf(peer)}`, () => [waiting.element, connection(peer)], { wide: true, onclose: () => stop.abort() });
  (async () => {
    while (!stop.signal.aborted) {
      try { await waiting.look(); } catch { /* The banner says when the server is away. */ }
      await pause(2000, stop.signal);
    }
  })().catch(() => {});
}

// MARK: CSV

/// A cell that a spreadsheet would run as a formula gets an apostrophe in front.
function csv(lines) {
  const cell = (value) => {
    let text = value === null || value === undefined ? '' : String(value);
    if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return lines.map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n';
}
