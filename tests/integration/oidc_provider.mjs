// A certified OAuth 2.0 and OpenID Connect server (oidc-provider) with
// LinkedIn's paths: what no one here wrote judges the library's requests.
//
//   PORT=0 node oidc_provider.mjs
//
// The first line is "listening on http://127.0.0.1:PORT". Also read: ISSUER
// (the public base URL where a TLS proxy stands in front and sends
// X-Forwarded-Proto and X-Forwarded-Host), CLIENT_ID, CLIENT_SECRET,
// REDIRECT_URI, NATIVE_CLIENT_ID.
//
// GET /forge?case=NAME gives an id_token with one thing wrong (or none), for
// the client that must refuse it: see `forge` below.
//
// The member "ann" signs in and consents at once: the authorization page
// answers with the redirect itself; &decision=cancel makes her say no.

import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
} from 'node:crypto';
import { createServer } from 'node:http';
import { Provider, errors, interactionPolicy } from 'oidc-provider';

const env = process.env;
const scopes = ['openid', 'profile', 'email', 'w_member_social'];
// As LinkedIn has them, beside the routes below.
const aliases = [
  ['/oauth/native-pkce/authorization', '/oauth/v2/authorization'],
  [
    '/oauth/.well-known/openid-configuration',
    '/.well-known/openid-configuration',
  ],
];

const member = {
  sub: 'ann',
  name: 'Ann Example',
  given_name: 'Ann',
  family_name: 'Example',
  picture: 'https://media.licdn.com/dms/image/ann',
  locale: { country: 'US', language: 'en' },
  email: 'ann@example.com',
  email_verified: true,
};

// The provider's own key, one that it does not publish, one of another kind.
const rsa = (bits) => generateKeyPairSync('rsa', { modulusLength: bits });
const ours = rsa(2048).privateKey;
const theirs = rsa(2048).privateKey;
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const kid = 'mock-key-1';

const b64 = (data) => Buffer.from(data).toString('base64url');
const sign = (hash, key, text, how = {}) =>
  createSign(hash).update(text).sign({ key, ...how });
const rs256 = (text) => sign('sha256', ours, text);

// Header and payload as objects or texts; how to sign "header.payload".
function token(header, payload, signer = rs256) {
  const part = (x) => b64(typeof x === 'string' ? x : JSON.stringify(x));
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${b64(signer(text))}`;
}

function forge(name, issuer) {
  const now = Math.floor(Date.now() / 1000);
  const h = { alg: 'RS256', typ: 'JWT', kid };
  const p = {
    iss: issuer,
    sub: 'ann',
    aud: 'mock-client',
    iat: now,
    exp: now + 3600,
    nonce: 'a-nonce',
    name: 'Ann Example',
  };
  const good = token(h, p);
  const [head, body, mark] = good.split('.');
  const pem = createPublicKey(ours).export({ type: 'spki', format: 'pem' });
  const hs256 = (text) => createHmac('sha256', pem).update(text).digest();
  const without = (key) => {
    const { [key]: _, ...rest } = p;
    return token(h, rest);
  };
  const cases = {
    good: () => good,
    'aud list': () => token(h, { ...p, aud: ['mock-client'] }),
    'aud list, azp': () =>
      token(h, { ...p, aud: ['x', 'mock-client'], azp: 'mock-client' }),
    'exp a little ago': () => token(h, { ...p, exp: now - 60 }),
    'alg none': () => `${b64(JSON.stringify({ alg: 'none' }))}.${body}.`,
    'alg none, signed': () => token({ ...h, alg: 'none' }, p),
    'alg nOnE': () => token({ ...h, alg: 'nOnE' }, p, () => 'x'),
    'alg HS256 with the public key': () =>
      token({ ...h, alg: 'HS256' }, p, hs256),
    'alg RS256 but HS256': () => token(h, p, hs256),
    'alg RS384': () =>
      token({ ...h, alg: 'RS384' }, p, (t) => sign('sha384', ours, t)),
    'alg RS256 but RS512': () => token(h, p, (t) => sign('sha512', ours, t)),
    'alg RS256 but PSS': () =>
      token(h, p, (t) => sign('sha256', ours, t, { padding: 6 })),
    'alg ES256': () =>
      token({ ...h, alg: 'ES256' }, p, (t) =>
        sign('sha256', curve, t, { dsaEncoding: 'ieee-p1363' }),
      ),
    'alg missing': () => token({ kid }, p),
    'alg a number': () => token({ ...h, alg: 256 }, p),
    crit: () => token({ ...h, crit: ['exp'] }, p),
    'kid of nobody': () => token({ ...h, kid: 'other' }, p),
    'kid a number': () => token({ ...h, kid: 1 }, p),
    'another key': () => token(h, p, (t) => sign('sha256', theirs, t)),
    'another key, sent along': () =>
      token(
        { ...h, jwk: createPublicKey(theirs).export({ format: 'jwk' }) },
        p,
        (t) => sign('sha256', theirs, t),
      ),
    'another payload': () =>
      `${head}.${b64(JSON.stringify({ ...p, sub: 'eve' }))}.${mark}`,
    'another header': () =>
      `${b64(JSON.stringify({ ...h, extra: 'x' }))}.${body}.${mark}`,
    'signature cut': () =>
      `${head}.${body}.${b64(rs256(`${head}.${body}`).subarray(0, 255))}`,
    'signature of zeros': () => `${head}.${body}.${b64(Buffer.alloc(256))}`,
    'signature of ones': () =>
      `${head}.${body}.${b64(Buffer.alloc(256, 255))}`,
    'signature too long': () =>
      `${head}.${body}.${b64(Buffer.concat([Buffer.alloc(1), rs256(`${head}.${body}`)]))}`,
    'signature empty': () => `${head}.${body}.`,
    'signature not base64url': () => `${head}.${body}.${mark.slice(0, -1)}+`,
    'two parts': () => `${head}.${body}`,
    'four parts': () => `${good}.${mark}`,
    'payload padded': () => `${head}.${body}=.${mark}`,
    'header no JSON': () => token('{"alg":"RS256"', p),
    'payload no JSON': () => token(h, 'hello'),
    'payload no object': () => token(h, '[]'),
    'other issuer': () => token(h, { ...p, iss: 'https://evil.example' }),
    'issuer with a slash': () => token(h, { ...p, iss: `${issuer}/` }),
    'other audience': () => token(h, { ...p, aud: 'other-client' }),
    'audience of others': () => token(h, { ...p, aud: ['x', 'y'] }),
    'two audiences, no azp': () =>
      token(h, { ...p, aud: ['x', 'mock-client'] }),
    'azp of another': () => token(h, { ...p, azp: 'other-client' }),
    expired: () => token(h, { ...p, exp: now - 3600 }),
    'of the future': () => token(h, { ...p, iat: now + 3600 }),
    'not yet valid': () => token(h, { ...p, nbf: now + 3600 }),
    'exp a text': () => token(h, { ...p, exp: 'tomorrow' }),
    'other nonce': () => token(h, { ...p, nonce: 'b-nonce' }),
    'no nonce': () => without('nonce'),
    'no exp': () => without('exp'),
    'no iat': () => without('iat'),
    'no iss': () => without('iss'),
    'no aud': () => without('aud'),
    'no sub': () => without('sub'),
  };
  return cases[name]?.();
}

// Native clients are asked again each time by default.
const policy = interactionPolicy.base();
policy.get('consent').checks.remove('native_client_prompt');

const configuration = {
  clients: [
    {
      client_id: env.CLIENT_ID ?? 'mock-client',
      client_secret: env.CLIENT_SECRET ?? 'mock-secret',
      redirect_uris: [env.REDIRECT_URI ?? 'http://localhost:8080/callback'],
      grant_types: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
      ],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
    {
      // A native application: no secret, PKCE, any loopback port (RFC 8252
      // section 7.3).
      client_id: env.NATIVE_CLIENT_ID ?? 'mock-native',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  ],
  scopes,
  claims: {
    openid: ['sub'],
    profile: ['name', 'given_name', 'family_name', 'picture', 'locale'],
    email: ['email', 'email_verified'],
  },
  interactions: { policy },
  cookies: { keys: ['of no worth'] },
  jwks: {
    keys: [
      { ...ours.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' },
      { ...curve.export({ format: 'jwk' }), kid: 'of a curve', use: 'sig' },
    ],
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  routes: {
    authorization: '/oauth/v2/authorization',
    token: '/oauth/v2/accessToken',
    introspection: '/oauth/v2/introspectToken',
    revocation: '/oauth/v2/revoke',
    userinfo: '/v2/userinfo',
    jwks: '/oauth/openid/jwks',
  },
  ttl: {
    AccessToken: 5184000,
    AuthorizationCode: 1800,
    ClientCredentials: 1800,
    Grant: 31536000,
    IdToken: 3600,
    RefreshToken: 31536000,
    Session: 3600,
  },
  issueRefreshToken: async (ctx, client) =>
    client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: false,
  findAccount: async (ctx, id) => ({
    accountId: id,
    claims: async () => member,
  }),
  // Validators run before the session is looked at: no page is needed.
  extraParams: {
    decision: async (ctx, decision) => {
      if (decision === 'cancel') {
        throw new errors.AccessDenied('The user cancelled the authorization');
      }
      ctx.oidc.session.loginAccount({ accountId: member.sub });
    },
  },
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      accountId: member.sub,
      clientId: oidc.client.clientId,
    });
    grant.addOIDCScope(oidc.params.scope ?? '');
    await grant.save();
    return grant;
  },
};

const server = createServer();
server.listen(Number(env.PORT ?? 0), '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(env.ISSUER ?? base, configuration);
  const answer = provider.callback();

  provider.proxy = true;
  server.on('request', (request, response) => {
    const url = new URL(request.url, base);

    if (url.pathname === '/forge') {
      response.end(
        forge(url.searchParams.get('case'), env.ISSUER ?? base) ?? '',
      );
      return;
    }
    for (const [theirs, ours] of aliases) {
      if (request.url.split('?')[0] === theirs) {
        request.url = request.url.replace(theirs, ours);
      }
    }
    answer(request, response);
  });
  console.log(`listening on ${base}`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(0));
}
