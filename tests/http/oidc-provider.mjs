// A real OpenID provider for the tests: node oidc-provider.mjs PORT REDIRECT_URI. Prints its issuer when it listens.
// Whoever signs in as NAME is NAME@example.org; an address is itself. Its keys are new each time it starts.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { Provider } from 'oidc-provider';

async function findPort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const port = Number(process.argv[2]) || (await findPort());
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: `key-${process.pid}`, use: 'sig', alg: 'RS256' };

console.warn = () => {};
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'pakobla',
    client_secret: 'a secret & more',
    redirect_uris: [process.argv[3]],
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  jwks: { keys: [key] },
  pkce: { required: () => true, methods: ['S256'] },
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  cookies: { keys: ['for tests only'] },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id.includes('@') ? id : `${id}@example.org`, email_verified: true }),
  }),
});
provider.listen(port, '127.0.0.1', () => console.log(issuer));
