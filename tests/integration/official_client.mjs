// LinkedIn's own JavaScript client against the mock: what no one here wrote
// must understand the mock, and the mock must understand it.
//
//   mock_linkedin --redirect-uri URI \
//       --scopes "openid profile email r_basicprofile"
//   MOCK_BASE=http://127.0.0.1:PORT node official_client.mjs
//
// Also read: MOCK_CLIENT_ID, MOCK_CLIENT_SECRET, MOCK_REDIRECT_URI (the
// mock's defaults if unset). For TLS set NODE_EXTRA_CA_CERTS.
// One line a check; the exit status is 1 if any failed.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { AuthClient, RestliClient } = require('linkedin-api-client');
// The client reads its hosts from this module at every call.
const hosts = require('linkedin-api-client/dist/lib/utils/constants');

const env = process.env;
const base = env.MOCK_BASE;
const clientId = env.MOCK_CLIENT_ID ?? 'mock-client';
const clientSecret = env.MOCK_CLIENT_SECRET ?? 'mock-secret';
const redirectUrl = env.MOCK_REDIRECT_URI ?? 'http://localhost:8080/callback';
const scopes = ['openid', 'profile', 'email', 'r_basicprofile'];
const version = '202609';

if (!base) {
  console.error('MOCK_BASE is not set');
  process.exit(2);
}
hosts.OAUTH_BASE_URL = `${base}/oauth/v2`;
hosts.NON_VERSIONED_BASE_URL = `${base}/v2`;
hosts.VERSIONED_BASE_URL = `${base}/rest`;

const auth = new AuthClient({ clientId, clientSecret, redirectUrl });
const api = new RestliClient();
let failed = 0;

function same(got, wanted) {
  if (got !== wanted) throw new Error(`wanted ${wanted}, got ${got}`);
}

async function check(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${error.message}`);
  }
}

// The answer that a call must fail with.
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    if (error.response) return error.response;
    throw error;
  }
  throw new Error('the call succeeded');
}

// What a browser would do; gives the parameters of the redirect.
async function signIn(decision) {
  const url = auth.generateMemberAuthorizationUrl(scopes, 'a-state');
  const answer = await fetch(`${url}&decision=${decision}`, {
    redirect: 'manual',
  });
  same(answer.status, 302);
  const back = new URL(answer.headers.get('location'));
  same(back.origin + back.pathname, redirectUrl);
  same(back.searchParams.get('state'), 'a-state');
  return back.searchParams;
}

let code;
let token;

await check('the member cancels', async () => {
  const params = await signIn('cancel');
  same(params.get('error'), 'user_cancelled_authorize');
  same(params.get('code'), null);
});

await check('the member allows', async () => {
  code = (await signIn('allow')).get('code');
  same(typeof code, 'string');
});

await check('exchangeAuthCodeForAccessToken', async () => {
  token = await auth.exchangeAuthCodeForAccessToken(code);
  same(token.expires_in > 0, true);
  same(token.access_token.length >= 350, true);
  same(token.scope, scopes.join(','));
  same(typeof token.refresh_token, 'string');
  same(token.refresh_token_expires_in, 31536000);
});

await check('a code works once', async () => {
  const answer = await refusal(auth.exchangeAuthCodeForAccessToken(code));
  same(answer.status, 400);
  same(answer.data.error, 'invalid_request');
});

await check('a wrong secret is refused', async () => {
  const other = new AuthClient({ clientId, clientSecret: 'no', redirectUrl });
  const answer = await refusal(other.getTwoLeggedAccessToken());
  same(answer.status, 401);
  same(answer.data.error_description, 'Client authentication failed');
});

await check('exchangeRefreshTokenForAccessToken', async () => {
  const next = await auth.exchangeRefreshTokenForAccessToken(
    token.refresh_token,
  );
  same(next.refresh_token, token.refresh_token);
  same(next.access_token !== token.access_token, true);
  token = next;
});

await check('getTwoLeggedAccessToken', async () => {
  const two = await auth.getTwoLeggedAccessToken();
  same(Number(two.expires_in), 1800);
  // The client gives the whole answer of its HTTP library here.
  const { data } = await auth.introspectAccessToken(two.access_token);
  same(data.auth_type, '2L');
});

await check('introspectAccessToken', async () => {
  const { data } = await auth.introspectAccessToken(token.access_token);
  same(data.active, true);
  same(data.status, 'active');
  same(data.client_id, clientId);
  same(data.auth_type, '3L');
  same(data.scope, scopes.join(','));
  same(data.expires_at > data.created_at, true);
});

const get = (resourcePath, more = {}) =>
  api.get({ resourcePath, accessToken: token.access_token, ...more });

await check('get /me', async () => {
  const { data, status } = await get('/me');
  same(status, 200);
  same(data.localizedFirstName, 'Ann');
});

await check('get /me with fields', async () => {
  const { data } = await get('/me', { queryParams: { fields: 'id' } });
  same(Object.keys(data).join(), 'id');
});

await check('get /me of a version', async () => {
  const { data } = await get('/me', { versionString: version });
  same(data.vanityName, 'ann-example');
});

await check('get /userinfo', async () => {
  const [{ data }, me] = [await get('/userinfo'), await get('/me')];
  same(data.email, 'ann@example.com');
  same(data.sub, me.data.id);
});

await check('a version that is no more', async () => {
  const answer = await refusal(get('/me', { versionString: '202301' }));
  same(answer.status, 426);
  same(answer.data.code, 'NONEXISTENT_VERSION');
});

await check('an unknown resource', async () => {
  same((await refusal(get('/nothing'))).status, 404);
});

await check('a throttled call', async () => {
  const headers = { 'X-Mock-Fault': '429-day' };
  const answer = await refusal(get('/me', { additionalConfig: { headers } }));
  same(answer.status, 429);
  same(answer.data.serviceErrorCode, 101);
});

await check('an expired token', async () => {
  same((await fetch(`${base}/mock/expire`, { method: 'POST' })).status, 204);
  same((await refusal(get('/me'))).data.serviceErrorCode, 65602);
});

await check('a revoked token', async () => {
  same((await fetch(`${base}/mock/revoke`, { method: 'POST' })).status, 204);
  same((await refusal(get('/me'))).data.serviceErrorCode, 65601);
});

// Every method of RestliClient on the mock's collections.
const rest = (more) => ({
  resourcePath: '/things',
  accessToken: 'the-token',
  versionString: version,
  ...more,
});
const one = (id, more) =>
  rest({ resourcePath: '/things/{id}', pathKeys: { id }, ...more });
let id;
let pair;

await check('create', async () => {
  id = (await api.create(rest({ entity: { n: 1, o: { p: 2 } } })))
    .createdEntityId;
  same(id.length, 4);
});
await check('get', async () => {
  same((await api.get(one(id))).data.n, 1);
});
await check('partialUpdate', async () => {
  await api.partialUpdate(one(id, { patchSetObject: { n: 2 } }));
  await api.partialUpdate(
    one(id, {
      originalEntity: { n: 2, o: { p: 2 } },
      modifiedEntity: { n: 2, o: { q: 3 } },
    }),
  );
  same(JSON.stringify((await api.get(one(id))).data.o), '{"q":3}');
});
await check('update', async () => {
  same((await api.update(one(id, { entity: { n: 9 } }))).status, 204);
  same((await api.get(one(id))).data.n, 9);
});
await check('action', async () => {
  const { data } = await api.action(one(id, { actionName: 'a', data: { x: 1 } }));
  same(data.value.x, 1);
});
await check('delete', async () => {
  same((await api.delete(one(id))).status, 204);
  same((await refusal(api.get(one(id)))).status, 404);
});
await check('batchCreate', async () => {
  const { data } = await api.batchCreate(rest({ entities: [{ n: 1 }, { n: 2 }] }));
  pair = data.elements.map((element) => element.id);
  same(pair.length, 2);
});
await check('batchGet', async () => {
  const { data } = await api.batchGet(rest({ ids: [...pair, '9'] }));
  same(data.results[pair[1]].n, 2);
  same(data.errors['9'].status, 404);
});
await check('batchUpdate', async () => {
  const { data } = await api.batchUpdate(
    rest({ ids: pair, entities: [{ n: 3 }, { n: 4 }] }),
  );
  same(data.results[pair[0]].status, 204);
});
await check('batchPartialUpdate', async () => {
  await api.batchPartialUpdate(
    rest({ ids: pair, patchSetObjects: [{ m: 1 }, { m: 2 }] }),
  );
  const { data } = await api.batchGet(rest({ ids: pair }));
  same(data.results[pair[1]].m, 2);
});
await check('getAll', async () => {
  const { data } = await api.getAll(rest({ queryParams: { count: 1 } }));
  same(data.paging.count, 1);
});
await check('finder', async () => {
  const { data } = await api.finder(
    rest({ finderName: 'search', queryParams: { a: { b: ['c:d'] } } }),
  );
  same(data.elements.length, 2);
});
await check('batchFinder', async () => {
  const { data } = await api.batchFinder(
    rest({
      finderName: 'search',
      finderCriteria: { name: 'searchCriteria', value: [{ x: 'y' }] },
    }),
  );
  same(data.elements[0].elements[0].x, 'y');
});
await check('a query through the tunnel', async () => {
  const ids = Array.from({ length: 700 }, (_, i) => 100000 + i);
  const { data } = await api.batchGet(rest({ ids }));
  same(data.errors['100699'].status, 404);
});
await check('batchDelete', async () => {
  const { data } = await api.batchDelete(rest({ ids: pair }));
  same(data.results[pair[0]].status, 204);
});

process.exit(failed ? 1 : 0);
