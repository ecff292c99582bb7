// A merchant's page on an origin of its own.
import { createServer } from 'node:http';
import { buildSync } from 'esbuild';

const bundle = () => buildSync({ entryPoints: [new URL('shop.jsx', import.meta.url).pathname], bundle: true, write: false, format: 'iife', define: { 'process.env.NODE_ENV': '"production"' } }).outputFiles[0].text;
const html = '<!doctype html><title>Shop</title><div id="root"></div><script src="/shop.js"></script>';

export function openShop(script = bundle()) {
  const web = createServer((request, response) => {
    if (request.url === '/shop.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  return new Promise(resolve => web.listen(0, '127.0.0.1', () => resolve(Object.assign(web, { origin: `http://127.0.0.1:${web.address().port}` }))));
}
