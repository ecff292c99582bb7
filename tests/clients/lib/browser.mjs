// Drives Debian's Chromium; its own download of a browser is not needed.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const paths = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function openBrowser() {
  const executablePath = paths.find(path => path && existsSync(path));
  if (!executablePath) throw new Error('The browser tests need Chromium; set CHROMIUM to its path.');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
