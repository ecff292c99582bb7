// What the console's pages gain where scripts run. Without this file they work too, but for the charts.
'use strict';

// Times in the reader's own zone.
const localTimes = part => {
  for (const element of part.querySelectorAll('time[datetime]')) {
    const at = new Date(element.dateTime);
    const options = element.dataset.format === 'date'
      ? { year: 'numeric', month: 'short', day: 'numeric' }
      : { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
    element.title = at.toISOString();
    element.textContent = new Intl.DateTimeFormat('en-GB', options).format(at);
  }
};
localTimes(document);

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('pre').textContent);
    const label = button.querySelector('span');
    label.textContent = 'Copied';
    setTimeout(() => { label.textContent = 'Copy'; }, 1500);
  });
}

// A small file becomes the text of a field.
for (const label of document.querySelectorAll('[data-file-into]')) {
  label.hidden = false;
  label.querySelector('input').addEventListener('change', event => {
    const [file] = event.target.files;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener('load', () => { label.closest('form').elements[label.dataset.fileInto].value = reader.result; });
    reader.readAsDataURL(file);
  });
}

// A form that is sent twice in haste is sent once.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', event => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
}
addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent; });

// The list of a page, kept up to date.
for (const button of document.querySelectorAll('[data-live]')) {
  let timer = 0;
  button.hidden = false;
  const refresh = async () => {
    const list = document.getElementById(button.dataset.live);
    const response = await fetch(location.href, { redirect: 'error' }).catch(() => null);
    const next = response?.ok && new DOMParser().parseFromString(await response.text(), 'text/html').getElementById(button.dataset.live);

    // Nobody's focus is taken away.
    if (next && timer && !list.contains(document.activeElement)) {
      list.replaceWith(next);
      localTimes(next);
    }
    if (timer) timer = setTimeout(refresh, 2000);
  };
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    clearTimeout(timer);
    timer = on ? setTimeout(refresh, 0) : 0;
  });
}

const charts = [...document.querySelectorAll('[data-chart]')];
if (charts.length > 0 && window.echarts) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const money = value => value >= 100 || value === 0 ? '$' + value.toFixed(0) : value >= 1 ? '$' + value.toFixed(2) : '$' + Number(value.toPrecision(3));
  const draw = element => {
    const { labels, series, kind } = JSON.parse(element.dataset.chart);
    const style = getComputedStyle(document.documentElement);
    const token = name => style.getPropertyValue(name).trim();
    window.echarts.dispose(element);
    const chart = window.echarts.init(element, null, { renderer: 'canvas' });
    const text = { color: token('--ink-3'), fontFamily: token('--sans'), fontSize: 12 };
    chart.setOption({
      animation: false,
      color: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(number => token(`--series-${number}`)),
      textStyle: text,
      grid: { left: 4, right: 8, top: 34, bottom: 4, containLabel: true },
      legend: { type: 'scroll', top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: text, inactiveColor: token('--line-strong') },
      // Drawn, not written as HTML: the page's policy lets no styles into markup.
      tooltip: {
        trigger: 'axis', renderMode: 'richText', backgroundColor: token('--card'), borderColor: token('--line-strong'), textStyle: { ...text, color: token('--ink') },
        valueFormatter: value => '$' + Number(value.toPrecision(6)), axisPointer: { type: 'line', lineStyle: { color: token('--line-strong') } },
      },
      xAxis: { type: 'category', boundaryGap: kind === 'bars' || series[0].values.length < 2, data: labels, axisLine: { lineStyle: { color: token('--line') } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true } },
      yAxis: { type: 'value', splitLine: { lineStyle: { color: token('--line') } }, axisLabel: { ...text, formatter: money }, splitNumber: 4 },
      series: series.map(one => kind === 'bars' ? { name: one.name, type: 'bar', stack: 'all', data: one.values, barMaxWidth: 34 } : ({
        name: one.name, type: 'line', data: one.values, symbol: 'circle', symbolSize: 6, showSymbol: one.values.length < 10, lineStyle: { width: 2 }, areaStyle: { opacity: .08 },
      })),
    });
    return chart;
  };
  let drawn = charts.map(draw);
  dark.addEventListener('change', () => { drawn = charts.map(draw); });
  addEventListener('resize', () => { for (const chart of drawn) chart.resize(); });
}
