// A Better Auth server for the tests, on loopback. Its options come as one line of JSON on standard input;
// it answers with a line {"port": n} and leaves when its standard input closes.
// What it says on each path: https://www.better-auth.com/docs/concepts/session-management

import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { bearer, twoFactor, username } from "better-auth/plugins";

const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit(0));
const wishes = JSON.parse(await new Promise((tell) => lines.once("line", tell)));

const server = wishes.tls ? createTlsServer(wishes.tls) : createServer();
await new Promise((tell) => server.listen(wishes.port, "127.0.0.1", tell));
const { port } = server.address();

const options = {
  appName: "Harbour Bookings",
  baseURL: `${wishes.tls ? "https" : "http"}://127.0.0.1:${port}`,
  secret: wishes.secret,
  database: new DatabaseSync(wishes.database),
  telemetry: { enabled: false },
  emailAndPassword: { enabled: true },
  plugins: [twoFactor(), username(), ...(wishes.bearer ? [bearer()] : [])],
  session: {
    freshAge: wishes.fresh_age,
    cookieCache: { enabled: wishes.cookie_cache > 0, maxAge: wishes.cookie_cache },
  },
  rateLimit: { enabled: wishes.rate_limits },
};
await (await getMigrations(options)).runMigrations();
const answer = toNodeHandler(betterAuth(options));

server.on("request", (request, response) => {
  // Better Auth knows a client's address by this header only, as behind the proxy that it is run behind.
  request.headers["x-forwarded-for"] ??= request.socket.remoteAddress;
  answer(request, response);
});
console.log(JSON.stringify({ port }));
