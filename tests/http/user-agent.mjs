// A browser in small: node user-agent.mjs URL LOGIN [--slow]. Follows redirects, keeps cookies, fills in the provider's forms, and
// prints where it is sent in the end: the first address that is not http on 127.0.0.1 with somebody behind it (port 9). The slow
// one says when it is about to leave the provider, and waits for a line until it goes on.
import { once } from 'node:events';

const jars = new Map();

function jarOf(url) {
  if (!jars.has(url.host)) jars.set(url.host, new Map());
  return jars.get(url.host);
}

// Debian 12's Node joins the cookies to one line, which a comma and a name begin anew.
function cookiesOf(headers) {
  return headers.getSetCookie?.() ?? (headers.get('set-cookie') ?? '').split(/, (?=[^;, ]+=)/).filter(Boolean);
}

async function request(url, options = {}) {
  const jar = jarOf(url);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, { ...options, redirect: 'manual', headers: { ...options.headers, cookie } });
  for (const line of cookiesOf(answer.headers)) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    jar.set(name, value);
  }
  return answer;
}

function readForm(html, url) {
  const action = /<form[^>]*action="([^"]+)"/.exec(html)[1];
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(input)?.[1];
    if (name) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  return { action: new URL(action, url), fields };
}

let url = new URL(process.argv[2]);
let answer = await request(url);
for (let step = 0; step < 30; step++) {
  const location = answer.headers.get('location');
  if (location) {
    url = new URL(location, url);
    if (url.port === '9') break;
    if (url.pathname === '/oauth/callback' && process.argv[4] === '--slow') {
      console.log(url.pathname);
      await once(process.stdin, 'data');
      process.stdin.destroy();
    }
    answer = await request(url);
    continue;
  }
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  const { action, fields } = readForm(await answer.text(), url);
  if (fields.has('login')) {
    fields.set('login', process.argv[3]);
    fields.set('password', 'any');
  }
  url = action;
  answer = await request(url, { method: 'POST', body: fields });
}
console.log(url.href);
