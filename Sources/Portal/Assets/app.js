// The portal in the browser: which address is which page, who looks at it, and whether the server answers.

import { actFor, actsFor, api, onReachable, onSessionEnded, signInAddress } from './api.js';
import { fill, h } from './dom.js';
import { setServerTime } from './format.js';
import { changes } from './live.js';
import { page, start } from './router.js';
import { banner, button } from './ui.js';

page('/', () => import('./pages/overview.js'));
page('/peers', () => import('./pages/peers.js'));
page('/peers/:id', () => import('./pages/peer.js'));
page('/start', () => import('./pages/start.js'));
page('/gateways', () => import('./pages/gateways.js'));
page('/gateways/:id', () => import('./pages/gateways.js').then(({ gateway }) => ({ default: gateway })));
page('/networks', () => import('./pages/networks.js'));
page('/networks/:id', () => import('./pages/networks.js').then(({ network }) => ({ default: network })));
page('/explain', () => import('./pages/explain.js'));
page('/events', () => import('./pages/events.js'));
page('/keys', () => import('./pages/access.js'));
page('/users', () => import('./pages/access.js').then(({ users }) => ({ default: users })));
page('/account', () => import('./pages/access.js').then(({ account }) => ({ default: account })));
page('/organizations', () => import('./pages/server.js'));
page('/regions', () => import('./pages/server.js').then(({ regions }) => ({ default: regions })));
page('/about', () => import('./pages/server.js').then(({ about }) => ({ default: about })));

const roles = ['viewer', 'member', 'owner', 'admin'];

const main = document.querySelector('main') ?? document.body.appendChild(h('main'));
const notices = h('div', { class: 'notices' });
main.before(notices);

const away = banner('warning', 'The server does not answer. What you typed stays here, and this page goes on by itself when the server is back.');
const ended = banner('warning', 'Your session has ended. Sign in again in a new tab, then go on here: what you typed stays.',
  h('a', { class: 'button', href: signInAddress(), target: '_blank', rel: 'noopener' }, 'Sign in'));
onReachable((reachable) => { if (reachable) away.remove(); else notices.append(away); });
onSessionEnded(() => notices.append(ended));

const me = await whoAmI();

if (actsFor()) {
  api.get(`/v2/organizations/${actsFor()}`).then(({ name }) => notices.append(
    banner('info', ['You act for the organization ', h('strong', h('bdi', name)), '.'], button('Back to your own', { onclick: () => actFor(null) }))), () => {});
}

start(main, {
  me,
  /// Whether the role of the caller is enough: viewer < member < owner < admin.
  can: (role) => roles.indexOf(me.role) >= roles.indexOf(role),
});

// The stream is open on every page, so that a server that is away is noticed on every page.
changes(() => {});
api.get('/v2/server').then((server) => setServerTime(server.time), () => {});

async function whoAmI() {
  for (;;) {
    try {
      return await api.get('/v2/whoami');
    } catch (problem) {
      if (problem.status === 404) return { role: 'admin', name: 'development', kind: 'api_key', organization_id: null, network_ids: null };
      if (actsFor() && problem.status) actFor(null);
      fill(main, banner('warning', problem.message));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
