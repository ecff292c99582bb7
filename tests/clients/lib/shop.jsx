// A merchant's page that opens the checkout with the published SDK, as its users do.
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useLavaCheckout } from '@lavapayments/checkout';

function Shop() {
  const [outcome, setOutcome] = useState('');
  const { open } = useLavaCheckout({
    onSuccess: args => setOutcome(JSON.stringify({ success: args })),
    onCancel: args => setOutcome(JSON.stringify({ cancel: args })),
    onError: args => setOutcome(JSON.stringify({ error: args })),
  });
  return createElement('div', null,
    createElement('button', { id: 'buy', onClick: () => open(new URLSearchParams(location.search).get('token')) }, 'Buy'),
    createElement('output', { id: 'outcome' }, outcome));
}

createRoot(document.getElementById('root')).render(createElement(Shop));
