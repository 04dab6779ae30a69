// A form with data-passkey asks our server for a challenge (data-options), the browser's own window for the answer, and is
// then sent with it. "get" proves who somebody is, "create" makes a new passkey.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

const asked = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  allowCredentials: keys(options.allowCredentials),
  excludeCredentials: keys(options.excludeCredentials),
});

const answered = ({ id, rawId, type, response, authenticatorAttachment }) => ({
  id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: {},
  response: {
    clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject),
    authenticatorData: text(response.authenticatorData), signature: text(response.signature),
    userHandle: text(response.userHandle), transports: response.getTransports?.(),
  },
});

const WORDS = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: location.hostname.match(/^[\d.]+$/) ? `Passkeys need an address with a name. Open this page at ${location.protocol}//localhost:${location.port} instead.` : "This address cannot have passkeys. Ask your administrator.",
};

const say = (form, sentence) => {
  const place = form.querySelector("[data-said]");
  place.textContent = sentence;
  place.hidden = !sentence;
};

const run = async (form) => {
  say(form, "");
  const follows = form.querySelector("[data-follows]");
  if (follows) follows.value = document.getElementById(follows.dataset.follows)?.checked ? "yes" : "";
  const reply = await fetch(form.dataset.options, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  const said = await reply.json().catch(() => ({}));
  if (!reply.ok) return say(form, said.problem ?? (reply.status === 429 ? "Too many tries. Wait a minute, then try again." : "That did not work. Open the page anew and try again."));
  const publicKey = asked(said.response.credential_options);
  const made = form.dataset.passkey === "create";
  const found = await (made ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.credential.value = JSON.stringify(answered(found));
  if (form.elements.state) form.elements.state.value = said.response.wan_state;
  else form.action = `${form.dataset.options}/${said.response.wan_state}`;
  form.submit();
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form).catch((error) => say(form, WORDS[error.name] ?? "That did not work. Try again, or take another way."));
  });
}
