// What a user does in VS Code, in a browser: node vscode_browser_scenario.js URL PROJECT PICTURES
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const limit = 60000;

async function main([address, project, pictures]) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
  page.setDefaultTimeout(limit);
  const picture = async (name) => {
    await page.waitForTimeout(400); // what fades in is then there
    return page.screenshot({ path: path.join(pictures, `vscode-${name}.png`) });
  };
  const keys = async (...names) => {
    for (const name of names) await page.keyboard.press(name);
  };
  const text = (name) => fs.readFileSync(path.join(project, name), 'utf8');
  // The editor saves what it changes.
  const saved = async (name, holds) => {
    for (let waited = 0; !holds(text(name)); waited += 50) {
      if (waited > limit) {
        await picture('failed');
        throw new Error(`${name} holds ${text(name)}`);
      }
      await page.waitForTimeout(50);
    }
  };
  const command = async (name) => {
    await keys('F1');
    await page.locator('.quick-input-widget input').first().waitFor();
    await page.keyboard.type(name);
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().click();
  };
  const open = async (name) => {
    await keys('Control+p');
    await page.locator('.quick-input-widget input').first().waitFor();
    await page.keyboard.type(name);
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().waitFor();
    await keys('Enter');
    await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await page.locator('.editor-instance .view-lines').first().click();
  };
  const goTo = async (place) => {
    await keys('Control+g');
    await page.locator('.quick-input-widget input').first().waitFor();
    await page.keyboard.type(place);
    await keys('Enter');
  };

  try {
    await page.goto(address);
    await page.locator('.explorer-folders-view').waitFor();
    await open('paper.tex');
    await page.locator('.squiggly-info, .squiggly-warning, .squiggly-hint').first().waitFor();
    await goTo('3:20');
    await keys('Control+.');
    const action = page.locator('.action-widget .action').filter({ hasText: 'Fetch arXiv:1706.03762 and add it to refs.bib' }).first();
    await action.waitFor();
    await picture('action');
    await keys('Enter'); // it is the first of the list
    await saved('paper.tex', (now) => now.includes('\\cite{vaswani2017attention}'));
    assert.ok(text('refs.bib').includes('@misc{vaswani2017attention,'));

    await goTo('4:1');
    await page.keyboard.type('\\cite{');
    await page.keyboard.type('stochastc optim', { delay: 40 });
    await keys('Control+Space');
    const suggestion = page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'kingma2014adam' }).first();
    await suggestion.waitFor();
    await picture('completion');
    await keys('Enter');
    await saved('paper.tex', (now) => now.includes('\n\\cite{kingma2014adam}'));

    await goTo('3:20');
    await command('Show or Focus Hover');
    await page.locator('.monaco-hover').filter({ hasText: 'Attention Is All You Need' }).first().waitFor();
    await picture('hover');
    await keys('Escape');

    await goTo('4:8');
    await keys('F2');
    const name = page.locator('.rename-box input');
    await name.fill('adam');
    await name.press('Enter');
    await saved('paper.tex', (now) => now.includes('\\cite{adam}') && !now.includes('kingma'));
    await saved('refs.bib', (now) => now.includes('@misc{adam,'));

    await open('refs.bib');
    await command('Bibsmith: Update This Bibliography');
    const apply = page.locator('.monaco-button, a').filter({ hasText: /^Apply$/ }).first();
    await apply.waitFor();
    // VS Code leaves what asks for a confirmation unticked.
    await page.locator('.refactor-preview-panel, .pane-body, .bulk-edit-panel').locator('input[type=checkbox], .edit-checkbox').first().click();
    await picture('preview');
    await apply.click();
    await saved('refs.bib', (now) => (now.toLowerCase().match(/archiveprefix/g) || []).length === 2);

    await command('Bibsmith: Refresh the Bibliography');
    const entry = page.locator('.monaco-list-row').filter({ hasText: 'vaswani2017attention' }).first();
    await command('Explorer: Focus on Bibliography View');
    await entry.waitFor();
    await command('Bibsmith: Status');
    await page.locator('.notification-toast').filter({ hasText: /Bibsmith \d/ }).first().waitFor();
    await picture('tree');
  } catch (error) {
    await picture('failed');
    throw error;
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
