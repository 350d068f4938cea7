// What the quick start says to a controller through its REST API. Node's own modules only.
//   node platform.mjs free-ports COUNT
//   node platform.mjs ready URL PID
//   node platform.mjs enrolment-token URL LOCATION
//   node platform.mjs online URL LOCATION
//   node platform.mjs add-monitors URL LOCATION FILE
//   node platform.mjs smoke URL LOCATION FILE
// LOCATION is the file that keeps the id of this machine's location.
// The owner signs in with POSTWATCH_OWNER_EMAIL and the password in the file POSTWATCH_OWNER_PASSWORD_FILE names.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const LOCATION = "This machine";

class Refusal extends Error {}

class Api {
  #url;
  #cookie = "";
  #csrf = "";
  #tenant = "";

  static async signedIn(url) {
    const api = new Api();
    api.#url = url;
    const session = await api.call("POST", "/session", {
      email: process.env.POSTWATCH_OWNER_EMAIL,
      password: readFileSync(process.env.POSTWATCH_OWNER_PASSWORD_FILE, "utf8").trim(),
    });
    api.#csrf = session.csrfToken;
    api.#tenant = session.tenants[0].id;
    return api;
  }

  async call(method, path, body) {
    const response = await fetch(this.#url + "/api/v1" + path, {
      method,
      headers: {
        Accept: "application/json",
        ...(body && { "Content-Type": "application/json" }),
        ...(this.#cookie && { Cookie: this.#cookie }),
        ...(this.#tenant && { "Postwatch-Tenant": this.#tenant }),
        ...(this.#csrf && { "Postwatch-Csrf-Token": this.#csrf }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    // A cookie that changes (at sign-in) replaces the one before; attributes are a browser's business.
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
    if (cookies.length > 0) this.#cookie = cookies.join("; ");
    const text = await response.text();
    const answer = text && JSON.parse(text);
    if (!response.ok) {
      const details = (answer.fieldErrors ?? []).map(({ field, message }) => `; ${field}: ${message}`).join("");
      throw new Refusal(`${method} ${path}: ${response.status} ${answer.code ?? ""} ${answer.detail ?? answer.title}${details}`);
    }
    return answer;
  }
}

/** Asks until there is an answer other than undefined, or throws the sentence. */
async function until(seconds, sentence, ask) {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(100);
  }
  throw new Refusal(sentence);
}

// Below those that the kernel gives to outgoing connections, so that they are free at the next start as well; and above
// those that the whole-system tests take, which may run at the same time.
const lowestPort = 30_000;
const portCount = 2_000;

async function freePorts(count) {
  const free = new Set();
  while (free.size < Number(count)) {
    const port = lowestPort + Math.floor(Math.random() * portCount);
    if (await isFree(port)) free.add(port);
  }
  console.log([...free].join(" "));
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function ready(url, pid) {
  await until(240, "the controller did not become ready within four minutes", async () => {
    try {
      process.kill(Number(pid), 0);
    } catch {
      throw new Refusal("the controller ended while it started");
    }
    try {
      const response = await fetch(url + "/actuator/health/readiness", { signal: AbortSignal.timeout(2_000) });
      return response.ok ? true : undefined;
    } catch {
      return undefined;
    }
  });
}

/** The location may have got another name since: its id is kept. */
async function locationOfThisMachine(api, file) {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const { items } = await api.call("GET", "/locations?limit=500");
  const { id } = items.find(({ name }) => name === LOCATION)
    ?? (await api.call("POST", "/locations", { name: LOCATION, description: "The machine of the quick start" }));
  writeFileSync(file, `${id}\n`);
  return id;
}

async function enrolmentToken(url, locationFile) {
  const api = await Api.signedIn(url);
  const locationId = await locationOfThisMachine(api, locationFile);
  const { token } = await api.call("POST", "/enrolment-tokens", { locationId, uses: 1 });
  console.log(token);
}

async function online(url, locationFile) {
  const api = await Api.signedIn(url);
  const locationId = await locationOfThisMachine(api, locationFile);
  await until(60, "the local agent did not connect within a minute", async () => {
    const { state } = await api.call("GET", `/locations/${locationId}`);
    return state === "online" ? true : undefined;
  });
}

/** Monitors are told apart by name: those that a start before made stay as they are. */
async function addMonitors(url, locationFile, file) {
  const api = await Api.signedIn(url);
  const locationId = await locationOfThisMachine(api, locationFile);
  const { items } = await api.call("GET", "/monitors?limit=500");
  const present = new Set(items.map(({ name }) => name));
  const missing = JSON.parse(readFileSync(file, "utf8")).filter(({ name }) => !present.has(name));
  await Promise.all(missing.map(async (monitor) => {
    await api.call("POST", "/monitors", { ...monitor, locations: { locationIds: [locationId] } });
    console.log(`▸ Monitor added: ${monitor.name}`);
  }));
}

async function smoke(url, locationFile, file) {
  const api = await Api.signedIn(url);
  const locationId = await locationOfThisMachine(api, locationFile);
  // One of each type.
  const monitors = JSON.parse(readFileSync(file, "utf8"));
  for (const monitor of ["imap", "smtp"].map((type) => monitors.find((one) => one.type === type))) {
    const { id } = await api.call("POST", "/monitor-tests", { monitor, locationIds: [locationId] });
    const [outcome] = await until(60, `the test of ${monitor.name} did not end within a minute`, async () => {
      const test = await api.call("GET", `/monitor-tests/${id}`);
      return test.state === "done" ? test.outcomes : undefined;
    });
    report(monitor, outcome);
  }
}

function report(monitor, { state, message, result }) {
  if (state !== "done" || !result) throw new Refusal(`${monitor.name}: not tested: ${message}`);
  console.log(`${monitor.name}: ${result.status} in ${result.totalMillis.toFixed(0)} ms. ${result.sentence}`);
  for (const { name, durationMillis } of result.phases) {
    console.log(`    ${name.padEnd(12)}${durationMillis.toFixed(1).padStart(9)} ms`);
  }
  if (!result.certificate) throw new Refusal(`${monitor.name}: no certificate was seen`);
  console.log(`    certificate ${String(result.certificate.daysLeft).padStart(9)} days left`);
  if (result.status === "ERROR" || result.status === "NO_DATA") {
    throw new Refusal(`${monitor.name}: ${result.failure?.code}: ${result.failure?.message}`);
  }
}

const commands = {
  "free-ports": freePorts,
  ready,
  "enrolment-token": enrolmentToken,
  online,
  "add-monitors": addMonitors,
  smoke,
};
const [command, ...parameters] = process.argv.slice(2);
try {
  await commands[command](...parameters);
} catch (failure) {
  console.error(`quickstart: ${failure instanceof Refusal ? failure.message : failure.stack}`);
  process.exitCode = 1;
}
