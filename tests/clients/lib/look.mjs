// Opens pages of the console in each look: nothing is refused by their policy, nothing sticks out, and axe has no serious complaint of the first and the last. With CONSOLE_SHOTS=DIR pictures are kept.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';

const shots = process.env.CONSOLE_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

export async function look({ browser, state, at, looks, paths, name }) {
  for (const [index, [width, colorScheme]] of looks.entries()) {
    const own = await browser.newContext({ storageState: state, viewport: { width, height: 860 }, colorScheme });
    const tab = await own.newPage();
    const faults = [];
    tab.on('console', line => { if (line.type() === 'error') faults.push(line.text()); });
    tab.on('pageerror', fault => faults.push(fault.message));
    for (const path of paths) {
      const answer = await tab.goto(at(path));
      assert.equal(answer.status(), 200, path);
      assert.ok((await answer.body()).length < 150_000, `${path} is too long`);
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${path} sticks out at ${width}`);
      // The first and the last look have both widths and both colours between them, and axe is what takes the time.
      if (index === 0 || index === looks.length - 1) {
        const { violations } = await new AxeBuilder({ page: tab }).analyze();
        const serious = violations.filter(one => ['serious', 'critical'].includes(one.impact)).map(one => `${one.id}: ${one.nodes.map(node => node.target).join(', ')}`);
        assert.deepEqual(serious, [], `${path} ${width} ${colorScheme}`);
      }

      if (shots) await tab.screenshot({ path: join(shots, `${name}${path.replace(/\W+/g, '-')}-${width}-${colorScheme}.png`), fullPage: true });
    }
    assert.deepEqual(faults, []);
    await own.close();
  }
}
