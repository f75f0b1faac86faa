// Figures, sizes and times as people read them.

import { h, put } from './dom.js';

const whole = new Intl.NumberFormat('en');

/// `12,345`
export const count = number => whole.format(number);

/// `1 peer`, `12 peers`
export const counted = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

function scaled(value, base, units) {
  let power = 0;
  while (value >= base - 0.5 && power < units.length - 1) { value /= base; power++; }
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[power]}`;
}

/// `1.40 MiB`: three digits, in the units of the command line.
export const bytes = number => scaled(number, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']);

/// `1.40 MB`, where prices and quotas are of these.
export const decimalBytes = number => scaled(number, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']);

/// `1.40 Mbit/s`, out of bytes per second, since lines are sold in bits.
export const rate = bytesPerSecond => scaled(bytesPerSecond * 8, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);

/// `12.3 ms`, out of microseconds, and `12 %`; null where it is not known.
export const milliseconds = microseconds => (microseconds === null ? '–' : `${(microseconds / 1000).toFixed(1)} ms`);
export const percent = number => (number === null ? '–' : `${number} %`);

const steps = [[60, 1, 'second'], [3600, 60, 'minute'], [86400, 3600, 'hour'], [86400 * 30, 86400, 'day'],
  [86400 * 365, 86400 * 30, 'month'], [Infinity, 86400 * 365, 'year']];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/// The server's clock less ours, in milliseconds; a device may be minutes off.
let clockOffset = 0;
export const setServerTime = text => { clockOffset = Date.parse(text) - Date.now(); };
export const now = () => Date.now() + clockOffset;

/// `12 seconds ago`
export function ago(text) {
  const seconds = Math.round((Date.parse(text) - now()) / 1000);
  const size = Math.abs(seconds);
  if (size < 2) return 'now';
  const [, unit, name] = steps.find(([limit]) => size < limit);
  return relative.format(Math.trunc(seconds / unit), name);
}

/// A day or a month of UTC.
export const day = (text, parts = { day: 'numeric', month: 'long' }) => new Date(text).toLocaleDateString('en-GB', { timeZone: 'UTC', ...parts });

export const exactTime = text => exact.format(new Date(text));

/// A `<time>` with the relative time, which stays right by itself, and the exact one on hover. `none` stands for null.
export function time(text, none = 'never') {
  const element = h('time');
  setTime(element, text, none);
  return element;
}

export function setTime(element, text, none = 'never') {
  if (text) {
    if (element.dateTime !== text) { element.dateTime = text; element.title = exactTime(text); }
  } else {
    element.removeAttribute('datetime');
    element.removeAttribute('title');
  }
  put(element, text ? ago(text) : none);
}

setInterval(() => {
  if (!document.hidden) for (const element of document.querySelectorAll('time[datetime]:not([data-exact])')) put(element, ago(element.dateTime));
}, 5000);

/// The exact time as the text, for where it is what matters.
export const exactly = text => h('time', { datetime: text, 'data-exact': true, title: ago(text) }, exactTime(text));

/// A sentence of the API, with the times in it as people read them and with what is to be typed, which stands in backticks, as code.
export const sentence = text => text.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z|`[^`]+`)/)
  .map((piece, at) => (at % 2 === 0 ? piece : piece.startsWith('`') ? h('code', piece.slice(1, -1)) : exactly(piece)));

/// What an object is called: its name, or something that tells it from others, which of a link is what it connects.
export const nameOf = object => object.name || object.address || object.ends?.map(end => end.region_code).join(' – ') || `${(object.public_key ?? object.id).slice(0, 8)}…`;

/// Objects as a choice of them.
export const pairs = objects => objects.map(one => [one.id ?? one.code, nameOf(one)]);

/// What each kind of object is called, and where it is looked at: on a page of its own where that ends with a slash. The list of a
/// kind is in the API at the kind with an s.
export const kinds = {
  wireguard_peer: ['peer', '/peers/'], wireguard_interface: ['gateway', '/gateways/'], network: ['network', '/networks/'],
  default_gateway: ['default gateway'], public_internet_gateway: ['internet gateway'], private_service: ['private service', '/services'], node: ['node', '/nodes'], region: ['region', '/regions'], backbone_link: ['link'], limits: ['limits'],
  wireguard_peer_share: ['one-time link'], wireguard_peer_config_url: ['config URL'], api_key: ['API key', '/keys'],
  user: ['user', '/users'], webhook: ['webhook', '/webhooks'], session: ['session', '/account'], organization: ['organization', '/organizations'],
};

/// Undefined for what no page shows.
export function placeOf(kind, id) {
  const place = kinds[kind]?.[1];
  return place?.endsWith('/') ? place + id : place;
}

// States, as what a badge takes: its kind and its word.

/// How a peer does, by the rule of the overview: connected is a handshake of less than 180 seconds ago.
export function peerStatus({ latest_handshake_at: at }) {
  if (!at) return ['off', 'Never connected'];
  return now() - Date.parse(at) < 180_000 ? ['ok', 'Connected'] : ['quiet', 'Silent'];
}

export const gatewayStatuses = {
  provisioned: ['ok', 'In service'], provisioning: ['warning', 'Being set up'], created: ['off', 'Not set up yet'], deleting: ['warning', 'Being deleted'],
};

export const linkStates = { connecting: ['off', 'Connecting'], up: ['ok', 'Up'], detour: ['warning', 'Detour'], down: ['error', 'Down'] };

export const configStates = { current: ['ok', 'Current'], outdated: ['warning', 'Outdated'], never_fetched: ['off', 'Never fetched'] };
