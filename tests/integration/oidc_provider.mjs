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
// The member "ann" signs in and consents at once: the authorization page
// answers with the redirect itself; &decision=cancel makes her say no.

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
