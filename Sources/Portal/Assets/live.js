// What changes by itself: one stream of changes per tab, and figures in one batch while somebody looks.

import { isReachable, ofOrganization, onReachable, pause, request, setReachable } from './api.js';

const silenceBeforeDoubt = 45_000; // milliseconds; the server's heartbeats are closer together
const gathering = 100; // milliseconds in which events are gathered into one call
const longestPause = 8_000;
const mostEvents = 1_000; // in one call; of more it is said only that there were some

const followers = new Set();
let revision = null;
let gathered = [];
let running = null;

/// Calls back with a list of events, in their order, soon after they happen, and once with
/// `[{ type: 'reset' }]` where some may have been missed. Returns what ends it.
export function changes(callback) {
  followers.add(callback);
  open();
  return () => followers.delete(callback);
}

function tell(event) {
  if (!gathered.length) {
    setTimeout(() => {
      const events = gathered.length > mostEvents ? [{ type: 'reset' }] : gathered;
      gathered = [];
      for (const follower of followers) follower(events);
    }, gathering);
  }
  gathered.push(event);
}

function open() {
  if (running || document.hidden || !followers.size) return;
  const controller = running = new AbortController();
  follow(controller.signal).catch(() => {}).finally(() => { if (running === controller) running = null; });
}

async function follow(signal) {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await read(signal, () => { failures = 0; });
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) { request('GET', '/v2/whoami').catch(() => {}); return; }
      if (error.status === 410) { revision = null; tell({ type: 'reset' }); continue; }
      if (!error.status) setReachable(false);
    }
    failures++;
    const wait = Math.min(longestPause, 250 * 2 ** failures);
    await pause(wait * (0.75 + Math.random() / 2), signal);
  }
}

async function read(signal, arrived) {
  const since = revision === null ? '' : `?since=${revision}`;
  const stall = new AbortController();
  const answer = await fetch(`/v2/changes${since}`, {
    signal: AbortSignal.any([signal, stall.signal]), headers: { accept: 'application/x-ndjson', ...ofOrganization() },
  });
  if (!answer.ok) throw Object.assign(new Error('changes'), { status: answer.status });
  setReachable(true);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let timer;
  try {
    for (;;) {
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), silenceBeforeDoubt);
      const { done, value } = await reader.read();
      if (done) return;
      arrived();
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!line) continue;
        const event = JSON.parse(line);
        revision = event.revision;
        if (event.record_type === 'event') tell(event);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/// Calls back at once and then every so many seconds, never twice at a time, while the page is in front and the
/// server answers. The callback gets its figures in one request. Returns what ends it.
export function figures(callback, seconds = 2) {
  let timer = null;
  let over = false;
  let busy = false;
  async function tick() {
    timer = null;
    if (over || busy || document.hidden || !isReachable()) return;
    busy = true;
    try { await callback(); } catch { /* The banner says when the server is away; the next tick tries again. */ }
    busy = false;
    if (!over && !timer) timer = setTimeout(tick, seconds * 1000);
  }
  const again = () => { if (!timer && !document.hidden) tick(); };
  document.addEventListener('visibilitychange', again);
  const unsubscribe = onReachable((reachable) => { if (reachable) again(); });
  tick();
  return () => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', again);
    unsubscribe();
  };
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) { running?.abort(); running = null; } else open();
});

