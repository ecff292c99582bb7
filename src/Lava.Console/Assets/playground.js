// The playground's stream: an answer appears as it is written, and what it cost when it has ended. Without this file the whole answer comes on a new page.
'use strict';

const form = document.querySelector('[data-playground]');
const stop = form.querySelector('[data-stop]');
const send = form.querySelector('button:not([type])');
const answers = document.querySelector('[data-answers]');
const template = document.querySelector('template[data-answer]');

function begin(model, prompt) {
  document.querySelector('[data-nothing]')?.remove();
  const card = template.content.cloneNode(true).firstElementChild;
  card.querySelector('h2').textContent = model;
  card.querySelector('.prompt').textContent = prompt;
  card.querySelector('.bill').textContent = 'Waiting for the first words…';
  answers.prepend(card);
  return card;
}

// Only text is ever set, so that nothing a model says becomes markup.
function take(card, event) {
  if (event.error) throw new Error(event.error.message ?? 'The answer broke off.');
  if (event.lava !== undefined) card.querySelector('.bill').textContent = event.lava;
  const delta = event.choices?.[0]?.delta;
  const thought = delta?.reasoning_content ?? delta?.reasoning;
  if (thought) {
    const thoughts = card.querySelector('.thoughts');
    thoughts.hidden = false;
    thoughts.querySelector('p').textContent += thought;
  }
  if (!delta?.content) return;
  if (!card.querySelector('.said').textContent) card.querySelector('.bill').textContent = 'Answering…';
  card.querySelector('.said').textContent += delta.content;
}

async function ask(card, body, signal) {
  const response = await fetch(form.action, { method: 'POST', body, signal, headers: { accept: 'text/event-stream' } });
  const id = response.headers.get('x-lava-request-id');
  if (id) {
    const link = card.querySelector('a');
    link.href += encodeURIComponent(id);
    link.hidden = false;
  }
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const refusal = await response.json().catch(() => null);
    throw new Error(refusal?.error?.message ?? 'The model could not be asked. Reload the page and try again.');
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data:') && !line.includes('[DONE]')) take(card, JSON.parse(line.slice(5)));
    }
  }
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  if (send.disabled) return;
  const body = new URLSearchParams(new FormData(form));
  body.set('stream', 'yes');
  const card = begin(body.get('model'), body.get('prompt'));
  const control = new AbortController();
  stop.onclick = () => control.abort();
  send.disabled = true;
  stop.hidden = false;
  try {
    await ask(card, body, control.signal);
  } catch (fault) {
    const bill = card.querySelector('.bill');
    bill.textContent = control.signal.aborted ? 'Stopped. What the model had written by then is charged; the request shows it.' : fault.message;
    if (!control.signal.aborted) bill.classList.add('wrong');
  } finally {
    send.disabled = false;
    stop.hidden = true;
  }
});
