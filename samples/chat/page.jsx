import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useLavaCheckout } from '@lavapayments/checkout';

async function api(path, body) {
  const response = await fetch(`/api/${path}`, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
  return answer;
}

const dollars = amount => `${amount < 0 ? '−' : ''}$${Math.abs(Number(amount)).toFixed(2)}`;

function Door({ onEnter }) {
  const [problem, setProblem] = useState('');
  const send = async event => {
    event.preventDefault();
    const { email, password } = event.target.elements;
    try {
      onEnter(await api(event.nativeEvent.submitter.value, { email: email.value, password: password.value }));
    } catch (fault) {
      setProblem(fault.message);
    }
  };
  return (
    <main className="door">
      <h1>Chat</h1>
      <p>Talk to a model. Each message costs one cent, and you begin with credit.</p>
      <form onSubmit={send}>
        <label>E-mail <input name="email" type="email" autoComplete="username" required /></label>
        <label>Password <input name="password" type="password" autoComplete="current-password" minLength={8} required /></label>
        {problem && <p className="problem" role="alert">{problem}</p>}
        <div className="row"><button value="sign-up">Sign up</button><button value="sign-in" className="quiet">Sign in</button></div>
      </form>
    </main>
  );
}

function Chat({ account, refresh, leave }) {
  const [messages, setMessages] = useState([]);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const end = useRef(null);
  const { open } = useLavaCheckout({ onSuccess: refresh, onCancel: refresh, onError: fault => setProblem({ message: fault.error ?? 'The checkout failed.' }) });
  useEffect(() => { end.current?.scrollIntoView({ block: 'end' }); }, [messages]);

  const attempt = async deed => {
    setProblem(null);
    try {
      await deed();
    } catch (fault) {
      setProblem(fault);
    }
  };
  const upgrade = () => attempt(async () => open((await api('checkout', {})).token));
  const openPortal = () => attempt(async () => { location.href = (await api('portal', {})).url; });

  const send = event => {
    event.preventDefault();
    const field = event.target.elements.text;
    const asked = [...messages, { role: 'user', content: field.value }];
    field.value = '';
    setMessages(asked);
    setBusy(true);
    attempt(async () => {
      const response = await fetch('/api/chat', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages: asked }) });
      if (!response.ok) throw Object.assign(new Error((await response.json()).error), { status: response.status });
      let content = '';
      for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        content += value;
        setMessages([...asked, { role: 'assistant', content }]);
      }
    }).then(refresh).finally(() => setBusy(false));
  };

  return (
    <>
      <header>
        <strong>Chat</strong>
        <span className="credits" title="Credits left">{dollars(account.credits)} left</span>
        <span className="plan">{account.plan}</span>
        <nav>
          {!account.isPaid && <button onClick={upgrade}>Get {account.offer.name}</button>}
          <button className="quiet" onClick={openPortal}>Account</button>
          <button className="quiet" onClick={leave}>Sign out</button>
        </nav>
      </header>
      <main className="talk">
        <h1 className="unseen">Your chat</h1>
        {messages.length === 0 && <p className="hint">Say something, {account.email}.</p>}
        <ol aria-live="polite">{messages.map((one, index) => <li key={index} className={one.role}>{one.content}</li>)}</ol>
        {problem && (
          <p className="problem" role="alert">{problem.message} {problem.status === 402 && <button className="quiet" onClick={openPortal}>Get more</button>}</p>
        )}
        <div ref={end} />
      </main>
      <form className="write" onSubmit={send}>
        <label className="unseen" htmlFor="text">Message</label>
        <input id="text" name="text" placeholder="Message" autoComplete="off" maxLength={4000} required />
        <button disabled={isBusy}>Send</button>
      </form>
    </>
  );
}

function App() {
  const [account, setAccount] = useState(undefined);
  const refresh = () => api('account').then(setAccount, () => setAccount(null));
  useEffect(() => { refresh(); }, []);
  if (account === undefined) return null;
  if (account === null) return <Door onEnter={setAccount} />;
  return <Chat account={account} refresh={refresh} leave={() => api('sign-out', {}).finally(() => setAccount(null))} />;
}

createRoot(document.getElementById('root')).render(<App />);
