// The form, and what becomes of what was ordered. Talks to the same addresses as everybody else.

const POLL = 700; // milliseconds
const by = (id) => document.getElementById(id);

function make(tag, fields = {}, ...children) {
  const node = Object.assign(document.createElement(tag), fields);
  node.append(...children);
  return node;
}

// What a refusal says: a sentence of synclips, or the fields that a form has wrong.
function reason(body, status) {
  const detail = body?.detail;
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((one) => `${one.loc.at(-1)}: ${one.msg}`).join("; ");
  return `The server answered with ${status}.`;
}

// The form -----------------------------------------------------------------------------------

function way() {
  return document.querySelector("input[name=way]:checked").value;
}

function showWay() {
  for (const part of document.querySelectorAll("[data-way]")) {
    part.hidden = !part.dataset.way.split(" ").includes(way());
  }
  // What is missing is told before a long video is sent; what is not seen holds nothing back.
  for (const name of ["audio", "text", "subtitles"]) by(name).required = name === way();
  by("speed").disabled = way() === "audio";
}

// What was chosen, to be looked at and listened to before it is sent.
function showChosen(input, place, kind) {
  for (const old of place.children) URL.revokeObjectURL(old.src);
  place.replaceChildren();
  const file = input.files[0];
  if (!file) return;
  const tag = kind === "sound" ? "audio" : file.type.startsWith("image/") ? "img" : "video";
  const shown = make(tag, { src: URL.createObjectURL(file), controls: true, alt: file.name });
  shown.onerror = () => shown.remove(); // the browser may know less than FFmpeg
  place.append(shown);
}

function take(input, files) {
  if (!files.length) return;
  input.files = files;
  input.dispatchEvent(new Event("change"));
}

function droppable(area, input) {
  area.ondragover = (event) => {
    event.preventDefault();
    area.classList.add("over");
  };
  area.ondragleave = () => area.classList.remove("over");
  area.ondrop = (event) => {
    event.preventDefault();
    area.classList.remove("over");
    const target = input(event.dataTransfer.files[0]);
    if (target) take(target, event.dataTransfer.files);
  };
}

function speechInput(file) {
  const wanted = /\.(srt|vtt|ass|ssa)$/i.test(file?.name ?? "") ? "subtitles" : "audio";
  document.querySelector(`input[name=way][value=${wanted}]`).checked = true;
  showWay();
  return by(wanted);
}

async function fillVoices() {
  const answer = await fetch("voices");
  if (!answer.ok) return;
  const groups = new Map();
  for (const voice of await answer.json()) {
    if (!groups.has(voice.engine)) groups.set(voice.engine, make("optgroup", { label: voice.engine }));
    const words = [voice.name, voice.language, voice.gender].filter(Boolean).join(", ");
    const value = JSON.stringify([voice.engine, voice.name]);
    groups.get(voice.engine).append(make("option", { value }, words));
  }
  by("voice").append(...groups.values());
}

function ordered() {
  const form = new FormData();
  form.append("video", by("video").files[0]);
  if (way() === "text") form.append("text", by("text").value);
  else if (by(way()).files[0]) form.append(way(), by(way()).files[0]);
  if (way() !== "audio") {
    form.append("speed", by("speed").value);
    if (by("voice").value) {
      const [engine, speaker] = JSON.parse(by("voice").value);
      form.append("engine", engine);
      form.append("speaker", speaker);
    }
  }
  form.append("dub", by("dub").checked);
  form.append("alive", !by("still").checked);
  for (const name of ["at", "region", "adapt", "label", "quality"]) {
    if (by(name).value) form.append(name, by(name).value);
  }
  return form;
}

// Not fetch, which does not tell how much of a file has been sent.
function send(form, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "jobs");
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.loaded / event.total);
    request.onload = () =>
      request.status === 202 ? resolve() : reject(reason(request.response, request.status));
    // Who is refused while they send are often told no more than that.
    request.onerror = () =>
      reject("The server broke off: synclips has ended, or takes no files as large as these.");
    request.send(form);
  });
}

async function submit(event) {
  event.preventDefault();
  const [status, button] = [by("sending"), event.submitter];
  status.className = "";
  button.disabled = true;
  try {
    await send(ordered(), (share) => {
      status.textContent = share < 1 ? `Sending: ${Math.round(100 * share)} %` : "Looking at it";
    });
    await refresh();
    status.textContent = "Ordered: it is under Results now.";
  } catch (sentence) {
    status.className = "bad";
    status.textContent = sentence;
  } finally {
    button.disabled = false;
  }
}

// Results ------------------------------------------------------------------------------------

const shown = new Map(); // id -> { node, state }: a video that plays must not be made anew

function describe(job) {
  if (job.state === "waiting") return "waits for its turn";
  if (job.state === "failed") return job.error;
  if (job.state === "working") {
    const of = job.total ? ` (${job.done} of ${job.total})` : "";
    return (job.step || "beginning") + of;
  }
  const seen = job.report.video ?? job.report;
  return `${seen.duration.toFixed(1)} s, ${seen.width}x${seen.height}, made in ${job.report.seconds.toFixed(1)} s`;
}

// How far a job is, in the nodes that are there: a button that is made anew loses a click.
function showProgress(node, job) {
  node.querySelector("p").textContent = describe(job);
  const bar = node.querySelector("progress");
  if (!bar) return;
  bar.ariaLabel = job.step;
  if (job.total) Object.assign(bar, { max: job.total, value: job.done });
  else bar.removeAttribute("value");
}

function item(job) {
  const node = make("li", {}, make("h3", {}, job.title));
  node.append(make("p", { className: job.state === "failed" ? "bad" : "" }));
  if (job.state === "working") node.append(make("progress"));
  showProgress(node, job);
  const acts = make("div", { className: "acts" });
  if (job.state === "done") {
    const address = `jobs/${job.id}/video`;
    node.append(make("video", { src: address, controls: true, playsInline: true }));
    acts.append(make("a", { href: address, download: job.title, ariaLabel: `Save ${job.title}` }, "Save"));
  }
  if (job.notices.length) {
    node.append(make("ul", {}, ...job.notices.map((sentence) => make("li", {}, sentence))));
  }
  const word = job.state === "working" ? "Stop" : "Remove";
  const ask = () => {
    const lost = job.state === "done" || job.state === "working";
    if (!lost || confirm(`${word} ${job.title}? What is not saved is lost.`)) remove(job.id);
  };
  acts.append(make("button", { type: "button", ariaLabel: `${word} ${job.title}`, onclick: ask }, word));
  node.append(acts);
  return node;
}

async function remove(id) {
  await fetch(`jobs/${id}`, { method: "DELETE" });
  await refresh();
}

async function refresh() {
  const jobs = await (await fetch("jobs")).json();
  const wanted = new Set(jobs.map((job) => job.id));
  for (const [id, { node }] of shown) {
    if (wanted.has(id)) continue;
    node.remove();
    shown.delete(id);
  }
  for (const job of jobs) {
    const before = shown.get(job.id);
    if (before?.state === job.state) {
      showProgress(before.node, job);
      continue;
    }
    const node = item(job);
    const focused = before?.node.contains(document.activeElement);
    if (before) before.node.replaceWith(node);
    else by("jobs").prepend(node);
    if (focused) node.querySelector("button").focus();
    shown.set(job.id, { node, state: job.state });
  }
  by("none").hidden = jobs.length > 0;
}

async function watch() {
  try {
    await refresh();
    by("results-title").textContent = "Results";
  } catch {
    by("results-title").textContent = "Results (the server cannot be reached)";
  }
  setTimeout(watch, POLL);
}

by("video").onchange = () => showChosen(by("video"), by("video-shown"), "picture");
by("audio").onchange = () => showChosen(by("audio"), by("audio-shown"), "sound");
for (const radio of document.querySelectorAll("input[name=way]")) radio.onchange = showWay;
droppable(by("video-drop"), () => by("video"));
droppable(by("speech-drop"), speechInput);
by("order").onsubmit = submit;
// A file that is dropped beside the places for it would open, and the form be lost.
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
showWay();
fillVoices();
watch();
