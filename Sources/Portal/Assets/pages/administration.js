// Who may do what: API keys for programs, users for people, the own account with its sessions, and organizations. And webhooks, by
// which a server of the organization's own is told of events.

import { listPage, when } from '../listing.js';
import { actFor, api, badge, button, bytes, card, change, choicesField, confirm, confirmName, count, deleteButton, dialog, edit, exactly, facts, few, field, fill, form, h, input, named, nameField, nameOf, now, page, pairs, refuse, select, showOnce, strong, table, time, toast, words } from '../ui.js';
import { costs, editLimits, volume } from './usage.js';

const roles = [
  ['viewer', 'Viewer', 'sees everything, changes nothing'], ['member', 'Member', 'changes networks, gateways and peers'],
  ['owner', 'Owner', 'also manages API keys and users'], ['admin', 'Admin', 'also manages all organizations of the server'],
];
const roleName = role => roles.find(([word]) => word === role)?.[1] ?? role;
/// A caller gives no more than it has.
const roleField = (can, value = 'member') => field('Role', select({ name: 'role' }, roles.filter(([role]) => can(role))
  .map(([role, name, text]) => [role, `${name}: ${text}`]), value));

/// Which networks a key or a user sees. A caller gives no more than it has.
const networksField = (networks, { network_ids: own }, chosen = null) => choicesField('Networks', 'networks', {
  all: !own && 'All, also those to come', chosen, options: pairs(networks.filter(({ id }) => !own || own.includes(id))),
});

const networkNames = networks => ({ network_ids: ids }) => (ids === null ? 'All' : few(ids, id => h('bdi', nameOf(networks.find(one => one.id === id) ?? { id }))));

// MARK: API keys

const lifetimes = [['', 'Never'], ['30', 'In 30 days'], ['90', 'In 90 days'], ['365', 'In a year']];

export async function keys(context) {
  const { can, me } = context;
  const networks = await api.all('networks');
  return listPage(context, {
    subtitle: 'By which programs prove who they are. People have users instead.',
    make: ['owner', () => newKey(context, networks)],
    kind: 'api_key',
    columns: [
      ['Name', one => named(one, one.id === me.id && 'this one')],
      ['Begins with', ({ prefix }) => (prefix ? h('code', `${prefix}…`) : h('span.muted', 'chosen by the operator')), 'minor'],
      ['Role', one => roleName(one.role)],
      ['Networks', networkNames(networks)],
      when('Last used', 'last_used_at'),
      ['Ends', ({ expires_at: end }) => (end && Date.parse(end) < now() ? [badge('error', 'Ended'), ' ', time(end)] : time(end))],
      when('Made', 'created_at', 'minor'),
      can('owner') && ['', one => (can(one.role) ? button('Revoke', () => revoke(one, me), 'small danger', { label: `Revoke ${one.name}` }) : '')],
    ],
    none: 'Programs prove by an API key who they are.',
  });
}

function newKey({ can, me }, networks) {
  const scope = networksField(networks, me);
  edit('api_key', {
    read: ({ name, role, days }) => ({ name, role, network_ids: scope.read(), expires_at: days && new Date(now() + days * 86_400_000).toISOString() }),
    made: made => showOnce('The new API key', made.api_key, ['This is the key ', strong(made.name), '.']),
  },
    nameField('', 'What it is for, like “backup script”.'),
    roleField(can, 'viewer'), scope.element, field('Ends', select({ name: 'days' }, lifetimes)));
}

const revoke = (key, me) => confirmName({
  title: 'Revoke the API key', name: key.name,
  text: key.id === me.id ? 'You are signed in with this key: your session ends with it.' : 'Programs that use it are refused at once.',
  onconfirm: () => api.delete(`api_keys/${key.id}`),
});

// MARK: Users

export async function users(context) {
  const { can, me } = context;
  const networks = await api.all('networks');
  return listPage(context, {
    subtitle: 'People who sign in by name and password.',
    make: ['owner', () => editUser(null, context, networks), 'Invite a user'],
    kind: 'user',
    columns: [
      ['Name', one => named(one, one.id === me.id && 'you')],
      ['State', userState],
      ['Role', one => roleName(one.role)],
      ['Networks', networkNames(networks)],
      when('Last sign-in', 'last_sign_in_at'),
      when('Made', 'created_at', 'minor'),
      can('owner') && ['', one => (can(one.role) ? userActions(one, context, networks) : '')],
    ],
    none: 'A user signs in by name and password. You make a link, and who opens it chooses the password.',
  });
}

function userState({ has_password: set, invitation_expires_at: end }) {
  if (set) return badge('ok', 'Active');
  return end && Date.parse(end) > now() ? [badge('quiet', 'Invited'), h('p.hint', 'link ends ', time(end))] : badge('warning', 'Invitation ended');
}

const userActions = (user, context, networks) => change(user,
  button('Edit', () => editUser(user, context, networks)),
  button(user.has_password ? 'New password by link' : 'New invitation link', () => inviteAgain(user)),
  button('Sessions', () => sessionsOf(user)),
  deleteButton('user', user, user.id === context.me.id ? 'This is you: your sessions end at once.' : 'The user’s sessions end at once. What the user made stays.'));

const showInvitation = ({ name, invitation_url: url, invitation_expires_at: end }) => showOnce('The invitation', url,
  ['Send this link to ', strong(name), ' in a way that others cannot read. Who opens it first chooses the password. It ends ', exactly(end), '.']);

/// A new user, or one that there is.
function editUser(user, { can, me }, networks) {
  const scope = networksField(networks, me, user?.network_ids);
  edit('user', {
    object: user, read: ({ name, role }) => ({ name, role, network_ids: scope.read() }), made: showInvitation, ...(!user && { title: 'Invite a user', submit: 'Make the link' }),
  }, nameField(user?.name, 'By which the user signs in.'), roleField(can, user?.role), scope.element);
}

async function inviteAgain(user) {
  if (!user.has_password || await confirm({
    title: 'Make a link for a new password', danger: false,
    text: ['The person who opens the link chooses a new password for ', strong(user.name), '. Until then the old one stays.'],
  })) showInvitation(await api.post(`users/${user.id}/invitation`));
}

// MARK: Sessions

/// Browsers that are signed in; each can be ended.
async function sessions(query, place) {
  const list = await api.all('sessions', query);
  const end = session => confirm({
    title: 'End the session',
    text: session.current ? 'This is the session of this browser: you will have to sign in again.' : 'That browser has to sign in again.',
    async onconfirm() {
      await api.delete(`sessions/${session.id}`);
      if (session.current) location.assign('/sign-in');
      else await sessions(query, place);
    },
  });
  fill(place, table([
    ['Browser', one => [browser(one.user_agent), one.current && [' ', badge('ok', 'This one')]]],
    ['From', one => h('code', one.source_address)],
    when('Signed in', 'created_at', 'minor'),
    when('Last used', 'last_used_at'),
    when('Ends', 'expires_at'),
    ['', one => button('End', () => end(one), 'small', { label: `End the session of ${browser(one.user_agent)} from ${one.source_address}` })],
  ], list, 'Sessions', h('p.muted', 'No browser is signed in.')));
  return list;
}

async function sessionsOf(user) {
  const place = h('div');
  await sessions({ 'filter[user_id]': user.id }, place);
  dialog(['Sessions of ', h('bdi', user.name)], place, { wide: true });
}

/// `Firefox on Windows`, as far as a browser says so. Most of them name others as well, behind their own names.
function browser(agent) {
  const first = (...words) => words.find(word => agent?.includes(word));
  const name = first('Edg', 'OPR', 'Firefox', 'Chrome', 'Safari')?.replace('Edg', 'Edge').replace('OPR', 'Opera');
  const system = first('iPhone', 'iPad', 'Android', 'Windows', 'Mac OS', 'Linux');
  return `${name ?? agent?.split(' ')[0] ?? 'Unknown browser'}${system ? ` on ${system}` : ''}`;
}

// MARK: The own account

export async function account({ me }) {
  const [networks, place] = [await api.all('networks'), h('div')];
  const list = await sessions({}, place);
  const others = list.length > 1 && button('End all others', () => confirm({
      title: 'End all other sessions', text: 'Every other browser that is signed in as you has to sign in again.',
      async onconfirm() { await api.delete('sessions'); others.remove(); await sessions({}, place); },
    }));
  return page('Account', { subtitle: ['You are signed in ', me.kind === 'user' ? 'as ' : 'with the API key ', strong(me.name), '.'] },
      card('What you may do', facts(['Role', `${roleName(me.role)}: ${roles.find(([role]) => role === me.role)?.[2] ?? ''}`], ['Networks', networkNames(networks)(me)], ['Ends', time(me.expires_at)])),
      card({ title: 'Sessions', actions: others && [others] }, place),
      me.kind === 'user' && card('Password', password(me)));
}

const password = me => form({
  submit: 'Change the password', class: 'narrow-form',
  async onsubmit({ old_password: old, new_password: fresh, again }, element) {
    if (fresh !== again) refuse('The two new passwords are not the same.', 'again');
    await api.put('password', { old_password: old, new_password: fresh });
    element.reset();
    toast('The password is changed. Your other sessions have ended.');
  },
},
  h('input.hidden', { autocomplete: 'username', value: me.name, tabindex: -1, 'aria-hidden': 'true', readonly: true }),
  field('Old password', h('input', { name: 'old_password', type: 'password', autocomplete: 'current-password' })),
  field('New password', h('input', { name: 'new_password', type: 'password', autocomplete: 'new-password' })),
  field('New password again', h('input', { name: 'again', type: 'password', autocomplete: 'new-password' })));

// MARK: Organizations

export async function organizations(context) {
  const { can, me } = context;
  const [used, owed] = await Promise.all([api.all('usage', { group_by: 'organization' }), api.all('costs', { all: true })]);
  const of = (list, { id }) => list.find(one => one.organization_id === id);
  return listPage(context, {
    subtitle: 'Tenants of this server. Each has networks, keys and users of its own and sees no other.',
    make: ['admin', () => edit('organization', {}, nameField())],
    kind: 'organization',
    columns: [
      ['Organization', one => named(one, one.id === me.organization_id && 'shown now')],
      ['State', one => (one.suspended ? [badge('warning', 'Suspended'), h('p.hint', time(one.suspended_at))] : badge('ok', 'Active'))],
      ['Used this month', one => bytes(volume(of(used, one))), 'number'],
      ['Costs so far', one => costs(of(owed, one)), 'number'],
      when('Made', 'created_at'),
      when('Changed', 'updated_at', 'minor'),
      can('admin') && ['', one => organizationActions(one, me)],
    ],
    none: 'An organization is a tenant with networks, keys and users of its own.',
  });
}

function organizationActions(organization, me) {
  const address = `organizations/${organization.id}`;
  const suspend = () => confirm({
    title: 'Suspend the organization',
    text: ['The API keys and users of ', strong(organization.name), ' are refused until it is resumed. Its peers stay connected.'],
    onconfirm: () => api.patch(address, { suspended: true }),
  });
  return change(organization,
    organization.id !== me.organization_id && button('Act for it', () => actFor(organization.id, me.id)),
    button('Edit', () => edit('organization', { object: organization }, nameField(organization.name))),
    button('Limits', () => editLimits('organization', organization)),
    organization.suspended ? button('Resume', () => api.patch(address, { suspended: false })) : button('Suspend', suspend),
    deleteButton('organization', organization, 'It has to have no networks any more. Its API keys and users are deleted with it.'));
}

// MARK: Webhooks

export const webhooks = context => listPage(context, {
  subtitle: 'Where events of this organization are sent as they happen, signed.',
  make: ['owner', () => editWebhook()],
  kind: 'webhook', seconds: 10,
  columns: [
    ['Name', one => h('bdi', one.name)],
    ['URL', one => h('bdi', one.url)],
    ['Events', one => few(one.events, event => h('bdi', event)), 'minor'],
    ['State', webhookState],
    when('Last delivered', 'last_delivered_at'),
    ['Waiting', one => [count(one.pending_events), lost(one) > 0 && h('p.hint', `${count(lost(one))} never sent`)], 'number'],
    ['', one => change(one,
      button('Edit', () => editWebhook(one)),
      button('Send a test', () => testWebhook(one)),
      one.enabled && one.pending_events > 0 && button('Send what waits now', () => api.post(`webhooks/${one.id}/retry`)),
      button('Last deliveries', () => deliveries(one)),
      button('New secret', () => confirm({
        title: 'Make a new secret', danger: false, text: 'For a day events are signed with the old one as well.',
        onconfirm: async () => showSecret(await api.post(`webhooks/${one.id}/secret`)),
      })),
      deleteButton('webhook', one, 'Events that wait to be sent are given up.'))],
  ],
  none: 'A webhook sends what happens to a server of yours.',
});

const webhookState = ({ state, failing_since: failing, pending_since: pending, last_error: error }) => ({
  disabled: badge('off', 'Off'), working: badge('ok', 'On'), delayed: [badge('warning', 'Behind'), h('p.hint', 'since ', time(pending))],
  failing: [badge('error', 'Failing'), h('p.hint.brief', { title: error }, error, ', since ', time(failing))],
})[state];
const lost = one => one.dropped_events + one.skipped_events;

const showSecret = ({ name, secret }) => showOnce('The secret', secret, ['By this secret your server knows that events of ', strong(name), ' come from here.']);

function editWebhook(webhook) {
  edit('webhook', { object: webhook, read: values => ({ ...values, events: words(values.events) }), made: showSecret }, nameField(webhook?.name),
    field('URL', input('url', webhook?.url), 'It begins with https:// and answers within 10 seconds.'),
    field('Events', h('textarea', { name: 'events', rows: 3, spellcheck: 'false', value: (webhook?.events ?? ['*']).join('\n') }), 'One on each line: wireguard_peer.connected, wireguard_peer.* for all of peers, * for all.'),
    webhook && field('Events are sent', h('input', { name: 'enabled', type: 'checkbox', checked: webhook.enabled })));
}

async function testWebhook({ id }) {
  const { error, status, duration_ms: took } = await api.post(`webhooks/${id}/test`);
  if (error) toast(`The test has failed: ${error}.`, 'error');
  else toast(`The test arrived: it was answered with ${status} after ${took} ms.`);
}

const deliveries = async ({ id, name }) => dialog(['Last deliveries of ', h('bdi', name)], table([
  ['Event', one => h('code', one.type)],
  when('When', 'attempted_at'),
  ['Outcome', one => (one.error ? [badge('error', 'Failed'), h('p.hint', one.error)] : badge('ok', `Answered with ${one.status}`))],
  ['Took', one => `${count(one.duration_ms)} ms`, 'number'],
], await api.get(`webhooks/${id}/deliveries`), 'Deliveries', h('p.muted', 'Nothing was sent yet.')), { wide: true });
