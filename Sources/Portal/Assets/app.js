// The portal in the browser: which address is which page, who looks at it, and whether the server answers. Links are
// followed in place, back works, and what a page is filtered by is in its query.

import { actFor, actsFor, api, banner, button, changes, figures, fill, h, isChosenBy, onReachable, onSessionEnded, pause, problemView, setServerTime, signInAddress, signingOut, strong } from './ui.js';

// Address: the module in `pages/`, and which of its exports where that is not the default.
const pages = Object.entries({
  '/': 'overview', '/peers': 'peers', '/peers/:id': 'peers peerPage', '/start': 'start', '/explain': 'networks explain', '/events': 'events', '/usage': 'usage',
  '/gateways': 'gateways', '/gateways/:id': 'gateways gateway', '/networks': 'networks', '/networks/:id': 'networks network',
  '/keys': 'administration keys', '/users': 'administration users', '/webhooks': 'administration webhooks', '/account': 'administration account',
  '/organizations': 'administration organizations', '/services': 'server services', '/nodes': 'server nodes', '/regions': 'server regions', '/about': 'server about',
}).map(([path, target]) => ({ expression: new RegExp(`^${path.replace(':id', '(?<id>[^/]+)')}/?$`), target: target.split(' ') }));
const roles = ['viewer', 'member', 'owner', 'admin'];

const match = path => pages.find(({ expression }) => expression.test(path));

// MARK: Addresses

const query = {
  get: name => new URLSearchParams(location.search).get(name),
  all: () => Object.fromEntries(new URLSearchParams(location.search)),
  /// Sets members, takes away those that are null or empty. No new entry of the history unless `push`.
  set(members, { push = false } = {}) {
    const parameters = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(members)) {
      if (value ?? '') parameters.set(name, value);
      else parameters.delete(name);
    }
    const url = location.pathname + (parameters.size ? `?${parameters}` : '');
    if (url !== location.pathname + location.search) history[push ? 'pushState' : 'replaceState'](history.state, '', url);
  },
};

/// Goes to a page of the portal. Where this one was scrolled to is kept for the way back.
export function go(url, { replace = false } = {}) {
  history.replaceState({ top: scrollY }, '');
  history[replace ? 'replaceState' : 'pushState']({ top: 0 }, '', url);
  return show(true);
}

document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]'); // of HTML or of a drawing
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.getAttribute('href'), location.href);
  if (link.getAttribute('target') || link.hasAttribute('download') || url.origin !== location.origin || url.hash || !match(url.pathname)) return;
  event.preventDefault();
  go(url.pathname + url.search);
});

// MARK: The page that is shown

const main = document.querySelector('main');
const notices = h('div.notices');
main.before(notices);
let visit = new AbortController();

/// Shows the page of the address, and has its heading read where it was `asked` for.
async function show(asked) {
  visit.abort();
  const mine = visit = new AbortController();
  const { signal } = mine;
  api.signal = signal;
  const untilLeft = stop => {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    return stop;
  };
  const { expression, target: [file, name = 'default'] } = match(location.pathname);
  const reload = () => show(false);
  const context = {
    me, query, signal, reload, params: { ...expression.exec(location.pathname).groups },
    /// Whether the role of the caller is enough: viewer < member < owner < admin.
    can: role => roles.indexOf(me.role) >= roles.indexOf(role),
    /// Whether the caller manages what all organizations share.
    isOperator: me.role === 'admin' && !me.network_ids,
    changes: callback => untilLeft(changes(callback)),
    figures: (callback, seconds) => untilLeft(figures(callback, seconds)),
  };
  main.ariaBusy = 'true';
  let answer;
  try {
    answer = await (await import(`./pages/${file}.js`))[name](context);
  } catch (problem) {
    if (signal.aborted) return;
    answer = problemView(problem, reload);
    if (problem.status === 0) untilLeft(onReachable(reload));
  }
  if (answer?.leave) untilLeft(answer.leave);
  if (signal.aborted) return;
  main.ariaBusy = null;
  document.title = `${answer.title} · wgw`;
  for (const link of document.querySelectorAll('nav a[href]')) {
    const path = link.getAttribute('href');
    link.ariaCurrent = (path === '/' ? location.pathname === '/' : `${location.pathname}/`.startsWith(`${path}/`)) ? 'page' : null;
  }
  document.querySelector('nav:popover-open')?.hidePopover();
  const top = asked ? history.state?.top ?? 0 : scrollY;
  fill(main, answer.element);
  scrollTo(0, top);
  if (!asked) return;
  const heading = main.querySelector('h1');
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// MARK: Who and whether

const away = banner('warning', 'The server does not answer. What you typed stays here, and this page goes on by itself when the server is back.');
const ended = banner('warning', 'Your session has ended. Sign in again in a new tab, then go on here: what you typed stays.',
  h('a.button', { href: signInAddress(), target: '_blank', rel: 'noopener' }, 'Sign in'));
onReachable(reachable => { if (reachable) away.remove(); else notices.append(away); });
document.querySelector('form[action="/sign-out"]').addEventListener('submit', signingOut);
onSessionEnded(isOver => { if (isOver) notices.append(ended); else ended.remove(); });

const me = await whoAmI();

if (actsFor()) {
  api.get(`organizations/${actsFor()}`).then(({ name }) => notices.append(
    banner('info', ['You act for the organization ', strong(name), '.'], button('Back to your own', () => actFor(null)))), () => {});
}

history.scrollRestoration = 'manual';
addEventListener('popstate', () => show(true));
show(false);

// The stream is open on every page, so that a server that is away is noticed on every page.
changes(() => {});
api.get('server', {}, { signal: null }).then(server => setServerTime(server.time), () => {});

async function whoAmI() {
  for (;;) {
    try {
      const caller = await api.get('whoami');
      if (!actsFor() || isChosenBy(caller.id)) return caller;
      actFor();
    } catch (problem) {
      if (actsFor() && problem.status) actFor();
      fill(main, banner('warning', problem.message));
      await pause(2000);
    }
  }
}
