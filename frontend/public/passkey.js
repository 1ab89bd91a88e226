// Passkeys: asks the browser for one, and sends its answer as an ordinary form.
const FIELDS = {
  get: ["authenticatorData", "clientDataJSON", "signature", "userHandle"],
  create: ["attestationObject", "clientDataJSON"],
};

const form = document.querySelector("form.passkey");
const said = form?.querySelector("[role=alert]");
let waiting;

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

function text(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function say(words) {
  said.textContent = words ?? "";
  said.hidden = !words;
}

/** Asks the shop how to begin; goes where it leads when it wants something else first. */
async function start() {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const headers = { accept: "application/json" };
  const answer = await fetch(form.dataset.start, { method: "POST", body, headers });
  if (answer.redirected) {
    location.assign(answer.url);
    return new Promise(() => {});
  }
  const begun = await answer.json();
  if (!answer.ok) throw new Error(begun.detail, { cause: "shop" });
  const { publicKey } = begun.options;
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const known of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])]) {
    known.id = bytes(known.id);
  }
  return { ceremony: begun.ceremony, publicKey };
}

/** What the browser answered, in a form that JSON can carry. */
function written(credential) {
  const { response } = credential;
  const fields = FIELDS[form.dataset.act].filter((name) => response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    extensions: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(fields.map((name) => [name, text(response[name])])),
      ...(response.getTransports && { transports: response.getTransports() }),
    },
  });
}

async function perform(more) {
  say();
  try {
    const { ceremony, publicKey } = await start();
    if (more.signal?.aborted) return;
    const credential = await navigator.credentials[form.dataset.act]({ publicKey, ...more });
    form.elements.ceremony.value = ceremony;
    form.elements.credential.value = written(credential);
    form.submit();
  } catch (error) {
    // A wait that was called off, or for which nobody asked, ends without a word.
    if (error.name === "AbortError" || more.mediation) return;
    if (error.cause === "shop" && error.message) say(error.message);
    else if (error.name === "InvalidStateError") say(form.dataset.known);
    else if (error.name === "NotAllowedError") say(form.dataset.refused);
    else say(form.dataset.failed);
  }
}

/** Lets the browser offer passkeys in the field for the email, where it can. */
async function offer() {
  const isAble = await PublicKeyCredential.isConditionalMediationAvailable?.();
  if (!isAble || !document.querySelector("[autocomplete~=webauthn]")) return;
  waiting = new AbortController();
  await perform({ mediation: "conditional", signal: waiting.signal });
}

if (form && window.PublicKeyCredential && navigator.credentials) {
  form.hidden = false;
  for (const one of document.querySelectorAll(".without-passkeys")) one.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting?.abort();
    perform({});
  });
  if (form.dataset.act === "get") offer();
}
