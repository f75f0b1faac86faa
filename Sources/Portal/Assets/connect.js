// What a person needs to connect the device of a new peer: its config as file and as QR code, a guide for its system, and a
// line that turns green when the first handshake and the first echo have arrived.

import { api, button, code, copyButton, download, fill, findings, h, nameOf, pick, time } from './ui.js';

export const systems = {
  linux: 'Linux', macos: 'macOS', windows: 'Windows', ios: 'iPhone, iPad', android: 'Android', openwrt: 'OpenWrt',
  mikrotik: 'MikroTik',
};

const patience = 20_000; // milliseconds without a handshake, after which the page says what may be wrong
const diagnosisEvery = 5_000;

/// The system of the device that shows this page, as the API names it.
export function visitorSystem() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return 'ios';
  if (/Android/.test(agent)) return 'android';
  if (/Windows/.test(agent)) return 'windows';
  return /Macintosh/.test(agent) ? 'macos' : 'linux';
}

/// A guide of the API for the device of a peer. Who only looks has not fetched the config.
export const guideOf = (peer, os, peek, more) => api.get(`wireguard_peers/${peer.id}/guide`, { os, peek }, { accept: 'text/markdown', ...more });

/// What guides call the tunnel, and with `.conf` its file. A page that is read again does not end it: it is for a download.
export const tunnelName = async peer => /`([\w-]+)\.conf`/.exec(await guideOf(peer, 'macos', true, { signal: null }))[1];

/// Config, QR code and guide of a peer, out of the answer that made its private key (`include=config,qr`).
export function connection(peer) {
  const names = Object.keys(systems);
  return h('div.card.connect',
    h('div.connect-config',
      h('img.qr', { alt: `QR code of the config of ${nameOf(peer)}`, src: `data:image/png;base64,${peer.qr.png}` }),
      h('p.hint', 'On a phone, scan this code in the WireGuard app.'),
      h('div.actions',
        button('Download the config', async () => download(`${await tunnelName(peer)}.conf`, peer.config)), copyButton(peer.config, 'Copy it', {}, null)),
      h('p.hint', 'Code and config hold the private key. They are shown only now: the server does not keep the key.')),
    pick('System of the device', names.map(os => ({ title: systems[os], content: async () => guide(await guideOf(peer, os), peer.private_key) })),
      names.indexOf(visitorSystem())));
}

/// The steps of a guide with the private key in its place; the step that is about putting it there is left out, and so is the
/// advice for later.
function guide(text, privateKey) {
  const [, ...sections] = text.replaceAll('<! INSERT PEER PRIVATE KEY HERE !>', privateKey).split(/^## /m);
  const steps = sections.filter(section => /^\d+\. (?!Put the keys in)/.test(section));
  return h('ol.guide', steps.map(step => h('li', markdown(`## ${step}`))));
}

/// A line that follows the first connection of a peer, and after 20 seconds of silence says what the server sees.
/// `look` asks the server once; it is for `figures`.
export function arrival(peer, gateway, whenGreen) {
  const line = h('p', { role: 'status' });
  const more = h('div');
  const element = h('section.arrival', { label: 'Connection' }, line, more);
  const began = Date.now();
  let state = null;
  let diagnosed = 0;

  function become(next, words, ...below) {
    if (state === next) return;
    state = element.dataset.state = next;
    element.className = `arrival card marked ${{ handshake: 'info', green: 'ok' }[next] ?? ''}`;
    fill(line, h('span', words));
    fill(more, below);
  }

  async function look() {
    if (state === 'green') return;
    const now = await api.get(`wireguard_peers/${peer.id}`);
    const name = h('strong', nameOf(now));
    if (now.latest_echo_at) {
      become('green', ['It works. ', name, ' is connected, and an echo came back through the tunnel.'], whenGreen());
    } else if (now.latest_handshake_at) {
      become('handshake', ['The first handshake of ', name, ' arrived ', time(now.latest_handshake_at), '. The tunnel stands.'],
        h('p', 'Now send something through it. On the device, ask the gateway for an echo:'),
        code(`ping ${gateway.server_ip_address.split('/')[0]}`, { label: 'Command' }));
    } else {
      become('waiting', ['Waiting for the first handshake of ', name, '. This line turns green by itself.']);
      if (Date.now() - began > patience && Date.now() - diagnosed > diagnosisEvery) {
        diagnosed = Date.now();
        const diagnosis = await api.get(`wireguard_peers/${peer.id}/diagnosis`);
        fill(more, h('p', 'Nothing has arrived so far. This is what the server sees:'), findings(diagnosis.findings));
      }
    }
  }
  return { element, look };
}

// MARK: Guides

/// The Markdown that the API's guides are written in, as elements: headings, paragraphs, lists, blocks of code, and in a line
/// `code`, *emphasis* and <https://links>. What it does not know stays as it is written.
export function markdown(text, heading = 'h3') {
  const lines = text.split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line.startsWith('```')) {
      const first = ++at;
      while (at < lines.length && !lines[at].startsWith('```')) at++;
      blocks.push(code(lines.slice(first, at).join('\n'), { label: 'Lines to copy' }));
    } else if (line.startsWith('- ')) {
      const items = [];
      for (; lines[at]?.startsWith('- '); at++) items.push(h('li', inline(lines[at].slice(2))));
      at--;
      blocks.push(h('ul', items));
    } else if (/^#+ /.test(line)) {
      blocks.push(h(heading, inline(line.replace(/^#+ (\d+\. )?/, ''))));
    } else if (line) {
      blocks.push(h('p', inline(line)));
    }
  }
  return blocks;
}

function inline(text) {
  return text.split(/(`[^`]+`|\*[^*\s][^*]*\*|<https:[^>\s]+>)/).filter(Boolean).map(piece => {
    const inner = piece.slice(1, -1);
    if (piece.length > 2 && piece[0] === '`') return h('code', inner);
    if (piece.length > 2 && piece[0] === '*') return h('em', inner);
    if (piece.startsWith('<https:')) return h('a', { href: inner, rel: 'noreferrer' }, inner);
    return piece;
  });
}
