// What peers used in a month, told apart as one likes, and what it costs.

import { barChart } from '../chart.js';
import { api, bytes, button, card, count, counted, day, download, empty, failing, field, figure, fill, h, linkTo, now, page, pairs, select, table } from '../ui.js';

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
  ['How much', ({ kind, quantity, wireguard_interface_id: id }) => (kind ? bytes(quantity) : id ? counted(quantity, 'hour') : count(quantity)), 'number'],
  ['Price', ({ kind, price, wireguard_interface_id: id }) => `${price} ${kind ? 'per GB' : id ? 'a month' : 'each'}`, 'number'],
  [`In ${currency}`, one => one.amount, 'number'],
], lines, 'Costs', h('p.muted', 'Nothing is charged for in this month.'));
