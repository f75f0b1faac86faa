// What peers used in a month, told apart as one likes, and what it costs. And what they may use.

import { barChart } from '../chart.js';
import { api, badge, bytes, button, card, confirm, count, counted, day, decimalBytes, download, empty, facts, failing, field, figure, fill, formDialog, h, linkTo, nameOf, now, numberInput, page, pairs, percent, rate, renew, select, table, time } from '../ui.js';

const kinds = { hairpin: 'Same node', link: 'Over links', services: 'Private services', internet: 'Internet' };
const shown = 50; // rows at first, and then more each time
const most = 2000;

const nameOfMonth = month => day(month, { month: 'long', year: 'numeric' });
const gateway = one => linkTo('/gateways', { id: one.wireguard_interface_id, name: one.wireguard_interface_name });

// What sums are told apart by: its word, and its columns.
const groups = {
  gateway: ['Gateway', [['Gateway', gateway]]],
  peer: ['Peer', [['Peer', one => linkTo('/peers', { id: one.peer_id, name: one.peer_name })], ['Gateway', gateway, 'minor']]],
  kind: ['Kind', [['Kind', one => kinds[one.kind]]]],
  day: ['Day', [['Day', one => day(one.since)]]],
};

/// The server's table of the same.
const exporting = (path, query, month) => button('Export CSV', async () => download(`${path}-${month}.csv`,
  await api.get(`${path}.csv`, query, { accept: 'text/csv' }), 'text/csv'), 'small');

export default async function usage({ query, me }) {
  const gateways = await api.all('wireguard_interfaces');
  const today = new Date(now());
  const months = Array.from({ length: 24 }, (_, i) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - i)).toISOString().slice(0, 7));
  const chosen = (name, all) => (all.includes(query.get(name)) ? query.get(name) : all[0]);
  const below = h('div');
  let turn = 0;

  async function draw() {
    const mine = ++turn;
    const month = chosen('month', months);
    const by = chosen('by', Object.keys(groups));
    const end = new Date(month);
    end.setUTCMonth(end.getUTCMonth() + 1);
    const asked = {
      from: `${month}-01T00:00:00Z`, to: end.toISOString(), 'filter[wireguard_interface_id]': query.get('gateway'), 'filter[peer_id]': query.get('peer'),
    };
    const isWhole = !query.get('gateway') && !query.get('peer');
    const sums = group => api.all('usage', { ...asked, group_by: group }, { most });
    const [daily, rows, [owed]] = await Promise.all([sums('day,kind'), sums(by), isWhole && !me.network_ids ? api.get('costs', { month }) : []]);
    if (mine !== turn) return;
    if (by !== 'day') rows.sort((a, b) => volume(b) - volume(a));
    const [received, sent, packetsIn, packetsOut] = ['rx_bytes', 'tx_bytes', 'rx_packets', 'tx_packets'].map(name => daily.reduce((sum, one) => sum + one[name], 0));
    fill(below,
      h('div.figures', figure('Received', bytes(received), counted(packetsIn, 'packet')), figure('Sent', bytes(sent), counted(packetsOut, 'packet')),
        owed && figure('Costs', costs(owed), owed.closed ? 'for the month' : 'so far')),
      daily.length ? [
        card('Each day', chart(daily, month, end), h('p.hint', 'Received / sent. What came from peers is above the line, what went to them is below it.')),
        card({ title: `Sums by ${by}`, actions: exporting('usage', { ...asked, group_by: by }, month) }, listed(groups[by], rows)),
      ] : empty('Nothing was used', `No packet of a peer was carried in ${nameOfMonth(month)}.`),
      owed && card({ title: 'Costs', actions: exporting('costs', { month }, month) }, costTable(owed)));
  }
  const show = () => draw().catch(failing(below, show));
  const choice = (name, label, options) => options.length > 1 && field(label, select({
    name, onchange({ target: { value } }) { query.set({ [name]: value }); return show(); },
  }, options, query.get(name) ?? ''));
  await show();
  return page('Usage', { subtitle: 'What peers sent and received, inside of their tunnels.' },
    h('form.bar',
      choice('month', 'Month', months.map(month => [month, nameOfMonth(month)])),
      choice('by', 'Sums by', Object.entries(groups).map(([name, [word]]) => [name, word])),
      gateways.length > 1 && choice('gateway', 'Gateway', [['', 'All gateways'], ...pairs(gateways)]),
      query.get('peer') && h('p', button('Only one peer ×', event => { query.set({ peer: null }); event.target.remove(); return show(); }, null, { label: 'Show all peers' }))), below);
}

/// All bytes of a sum, or of none, and what costs come to.
export const volume = sum => (sum ? sum.rx_bytes + sum.tx_bytes : 0);
export const costs = found => (found ? `${found.total} ${found.currency}` : '–');

function listed([noun, columns], rows) {
  const place = h('div.stack');
  let length = 0;
  function more() {
    length += shown;
    fill(place, table([...columns, ['Received', one => bytes(one.rx_bytes), 'number'], ['Sent', one => bytes(one.tx_bytes), 'number'],
      ['Total', one => bytes(volume(one)), 'number']], rows.slice(0, length), 'Usage'),
    rows.length === most && h('p.hint', `Of ${noun.toLowerCase()}s, only ${count(most)} are in this table. The export has all.`),
    rows.length > length && h('p.actions', h('span.muted', `${count(length)} of ${counted(rows.length, noun.toLowerCase())}`), button('Show more', more)));
  }
  more();
  return place;
}

function chart(daily, month, end) {
  const last = Math.min(end, now());
  const times = [];
  for (const at = new Date(month); at < last; at.setUTCDate(at.getUTCDate() + 1)) times.push(at.toISOString());
  return barChart({
    label: 'Usage of each day', times, format: pair => pair.map(bytes).join(' / '),
    series: Object.entries(kinds).map(([kind, name]) => {
      const own = daily.filter(one => one.kind === kind);
      const pair = list => ['rx_bytes', 'tx_bytes'].map(way => list.reduce((sum, one) => sum + one[way], 0));
      return { name, kind: `of-${kind}`, total: pair(own), values: times.map(at => pair(own.filter(one => Date.parse(one.since) === Date.parse(at)))) };
    }).filter(one => one.total.some(Boolean)),
  });
}

const items = { gateway: 'Gateway ', peers: 'Peers', traffic: 'Traffic', correction: 'Correction' };

const costTable = ({ lines, month, currency }) => table([
  ['For', one => [items[one.item], one.wireguard_interface_id && gateway(one), one.kind && `: ${kinds[one.kind]}`, one.used_month !== month && ` of ${nameOfMonth(one.used_month)}`]],
  ['How much', ({ kind, quantity, wireguard_interface_id: id }) => (kind ? decimalBytes(quantity) : id ? counted(quantity, 'hour') : count(quantity)), 'number'],
  ['Price', ({ kind, price, wireguard_interface_id: id }) => `${price} ${kind ? 'per GB' : id ? 'a month' : 'each'}`, 'number'],
  [`In ${currency}`, one => one.amount, 'number'],
], lines, 'Costs', h('p.muted', 'Nothing is charged for in this month.'));

// MARK: Limits

const states = { within: ['ok', 'Within it'], nearing: ['warning', 'Nearly used up'], used_up: ['warning', 'Used up'] };
const consequences = { warn: 'Nothing but an event', throttle: 'Packets pass at a lower rate', block: 'No packet passes' };
const gigabyte = 1e9;
const speed = bits => rate(bits / 8);

/// What is done to the packets of who has used up a quota, if anything is.
export const hold = limits => limits?.quota_use?.state === 'used_up' && { throttle: ['error', 'Slowed down'], block: ['error', 'Blocked'] }[limits.quota.action];

/// The card of what one object may use, which stays right by itself, and the `badge` of one that is held up.
export function limitsCard({ can, figures }, kind, object) {
  const place = h('div', 'Looking…');
  const remove = button('Remove', () => confirm({
    title: 'Remove the limits', text: 'It may use as much as there is, from now on.', onconfirm: () => api.delete(`${kind}s/${object.id}/limits`),
  }), 'small', { hidden: true });
  let limits;
  figures(async () => {
    [limits] = await api.get('limits', { 'filter[subject_id]': object.id });
    remove.hidden = !limits;
    renew(place, limits ? shownLimits(limits) : h('p.muted', 'It may use as much as there is.'));
  }, 10);
  return {
    badge: () => hold(limits) && [' ', badge(...hold(limits))],
    element: card({ title: 'Limits', actions: can('member') && [button('Set limits', () => editLimits(kind, object), 'small'), remove] }, place),
  };
}

// Of a quota that is used up 100, though its rest may be less than a packet.
function usedPercent(use, quota) {
  const share = Math.floor((100 * use.used_bytes) / quota.bytes);
  return use.state === 'used_up' ? Math.max(share, 100) : Math.min(share, 99);
}

function shownLimits(limits) {
  const { quota, quota_use: use, rx_rate: received, tx_rate: sent, connected_peers: peers } = limits;
  const state = hold(limits) || states[use?.state];
  return facts(
    received && ['Received', 'at most ', speed(received)],
    sent && ['Sent', 'at most ', speed(sent)],
    peers && ['Connected', `at most ${counted(peers, 'peer')}`],
    quota && ['Quota', badge(...state),
      h('progress', { class: state[0], max: quota.bytes, value: use.used_bytes, label: 'Used of the quota' }),
      h('p.hint', `${decimalBytes(use.used_bytes)} of ${decimalBytes(quota.bytes)} (${percent(usedPercent(use, quota))}), begins anew `, time(use.resets_at))],
    quota && ['When it is used up', consequences[quota.action], quota.throttle_rate && `: ${speed(quota.throttle_rate)}`]);
}

/// Asks for all limits of an object, with those that it has; what is left empty is not limited.
export async function editLimits(kind, object) {
  const address = `${kind}s/${object.id}/limits`;
  const { rx_rate: received, tx_rate: sent, quota, connected_peers: peers } = await api.get(address).catch(problem => {
    if (problem.status !== 404) throw problem;
    return {};
  });
  const megabits = (name, label, bits, hint) => field(`${label}, in Mbit/s`, numberInput(name, bits && bits / 1e6), hint);
  const bits = value => (value === null ? undefined : Math.round(value * 1e6));
  const slow = megabits('throttle_rate', 'The lower rate', quota?.throttle_rate);
  const action = select({ name: 'action', onchange: draw }, Object.entries(consequences), quota?.action);
  function draw() { slow.hidden = action.value !== 'throttle'; }
  draw();
  formDialog(['Limits of ', h('bdi', nameOf(object))], {
    submit: 'Save',
    send: ({ rx_rate, tx_rate, quota: size, throttle_rate, reset_day, connected_peers }) => api.put(address, {
      rx_rate: bits(rx_rate), tx_rate: bits(tx_rate), connected_peers: connected_peers ?? undefined,
      quota: size === null ? undefined : {
        bytes: Math.round(size * gigabyte), action: action.value, throttle_rate: slow.hidden ? undefined : bits(throttle_rate), reset_day: reset_day ?? undefined,
      },
    }),
  }, h('p', 'What is left empty is not limited.', kind !== 'wireguard_peer' && ' All its peers together have these limits.'),
  megabits('rx_rate', 'Received at most', received), megabits('tx_rate', 'Sent at most', sent),
  kind !== 'wireguard_peer' && field('Connected peers at most', numberInput('connected_peers', peers)),
  field('Quota for a month, in GB', numberInput('quota', quota && quota.bytes / gigabyte), 'Received and sent together, inside of the tunnels.'),
  field('When it is used up', action), slow,
  field('Day of the month on which it begins anew', numberInput('reset_day', quota?.reset_day), 'The first where it is left empty, in UTC.'));
}
