// Pages have addresses: links are followed in place, back works, and what a page is filtered by is in its query.

import { fill, h } from './dom.js';
import { problemView } from './ui.js';
import { changes, figures } from './live.js';

const routes = [];
let surroundings = {};
let current = null;

/// Declares a page: `page('/peers/:id', () => import('./pages/peer.js'))`.
export function page(pattern, load) {
  const names = [];
  const source = pattern.replace(/:(\w+)/g, (_, name) => { names.push(name); return '([^/]+)'; });
  routes.push({ expression: new RegExp(`^${source}/?$`), names, load });
}

function match(path) {
  for (const route of routes) {
    const found = route.expression.exec(path);
    if (found) {
      const params = Object.fromEntries(route.names.map((name, i) => [name, decodeURIComponent(found[i + 1])]));
      return { route, params };
    }
  }
  return null;
}

/// What of the page is in the address behind the question mark.
export const query = {
  get: (name) => new URLSearchParams(location.search).get(name),
  all: () => Object.fromEntries(new URLSearchParams(location.search)),
  /// Sets members, takes away those that are null or empty. No new entry of the history unless `push`.
  set(members, { push = false } = {}) {
    const parameters = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(members)) {
      if (value === null || value === undefined || value === '') parameters.delete(name);
      else parameters.set(name, value);
    }
    const url = location.pathname + (parameters.size ? `?${parameters}` : '');
    if (url !== location.pathname + location.search) history[push ? 'pushState' : 'replaceState'](history.state, '', url);
  },
};

/// Goes to a page of the portal.
export function go(url, { replace = false } = {}) {
  remember();
  history[replace ? 'replaceState' : 'pushState']({ top: 0 }, '', url);
  return show({ focus: true });
}

function remember() {
  history.replaceState({ ...history.state, top: scrollY }, '');
}

/// Shows the page of the address and follows links from here on. `main` is filled; `extra` is what every page's
/// context has beside what is below.
export function start(main, extra) {
  surroundings = { main, extra };
  history.scrollRestoration = 'manual';
  addEventListener('popstate', () => show({ focus: true }));
  document.addEventListener('click', follow);
  return show({ focus: false });
}

function follow(event) {
  const link = event.target.closest?.('a[href]'); // of HTML or of a drawing
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.getAttribute('href'), location.href);
  if (link.getAttribute('target') || link.hasAttribute('download') || url.origin !== location.origin) return;
  if (!match(url.pathname) || (url.hash && url.pathname === location.pathname)) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

async function show({ focus }) {
  current?.controller.abort();
  const { main, extra } = surroundings;
  const controller = new AbortController();
  const visit = current = { controller };
  const found = match(location.pathname);
  const context = {
    ...extra, params: found?.params ?? {}, query, signal: controller.signal,
    /// The same as in live.js, until the page is left.
    changes: (callback) => onAbort(controller.signal, changes(callback)),
    figures: (callback, seconds) => onAbort(controller.signal, figures(callback, seconds)),
    /// Shows the page anew, with what the server has now.
    reload: () => show({ focus: false }),
  };
  main.setAttribute('aria-busy', 'true');
  let answer;
  try {
    const module = await found.route.load();
    answer = await module.default(context);
  } catch (problem) {
    if (visit !== current || controller.signal.aborted) return;
    answer = problemView(problem, context.reload);
  }
  if (visit !== current) { answer?.leave?.(); return; }
  if (answer.leave) onAbort(controller.signal, answer.leave);
  main.removeAttribute('aria-busy');
  document.title = `${answer.title} · wgw`;
  for (const link of document.querySelectorAll('nav a[href]')) {
    const path = new URL(link.href).pathname;
    const here = path === '/' ? location.pathname === '/' : `${location.pathname}/`.startsWith(`${path}/`);
    if (here) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
  for (const menu of document.querySelectorAll('[popover]:popover-open')) menu.hidePopover();
  fill(main, answer.element);
  scrollTo(0, history.state?.top ?? 0);
  if (focus) {
    const heading = main.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }
}

function onAbort(signal, stop) {
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return stop;
}
